import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput } from '../quoted-output.ts';

export function addressInUse(evidence: Evidence): Cause | undefined {
  const lines = findAllInOutput(
    evidence,
    /.*(?:EADDRINUSE|address already in use|port is already allocated).*/i,
  );
  if (lines.length === 0) return undefined;
  const named = lines.map(([line]) => portIn(line)).find(port => port !== undefined);
  const candidates = named === undefined ? portsAskedFor(evidence) : [named];
  const held = candidates.flatMap(port =>
    evidence.search.listenersOn(port).map(holder => ({ port, ...holder })),
  );
  const ports = [...new Set(held.map(({ port }) => port))];
  if (ports.length === 0) return unknownHolder(named);
  return {
    text: [
      `port ${ports.join(' and ')} is in use already${variableWith(ports[0], evidence)}; it is held by`,
      ...held.map(({ pid, port, command }) => `  | pid ${pid} on port ${port}: ${command}`),
    ].join('\n'),
    change: ["stop that process, or give the worker a free port: ports: ['NAME_OF_ITS_PORT_VARIABLE']"],
  };
}

function unknownHolder(port: number | undefined): Cause {
  return {
    text: `${port === undefined ? 'an address the worker wants' : `port ${port}`} is in use already, by a process that is gone by now or that this user may not look at`,
    change: ["give the worker a free port: ports: ['NAME_OF_ITS_PORT_VARIABLE']"],
  };
}

/** `listen EADDRINUSE: address already in use :::3000`, `bind on address ('127.0.0.1', 8080)`. */
function portIn(line: string): number | undefined {
  const port =
    /', (\d{2,5})\)/.exec(line)?.[1] ??
    /[\w.\]:]:(\d{2,5})\b/.exec(line)?.[1] ??
    /port (\d{2,5})\b/i.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Python names no port, so those come into question that the launch names. */
function portsAskedFor({ variables, command }: Evidence): readonly number[] {
  const fromVariables = variables.filter(({ name }) => /PORT/.test(name)).map(({ value }) => value);
  const fromCommand = command.flatMap(word => /(?:^|[:=])(\d{2,5})$/.exec(word)?.[1] ?? []);
  return [...fromVariables, ...fromCommand].filter(text => /^\d{2,5}$/.test(text)).map(Number);
}

function variableWith(port: number | undefined, { variables }: Evidence): string {
  const variable = variables.find(({ name, value }) => /PORT/.test(name) && value === String(port));
  return variable ? ` (${variable.name}, ${variable.origin})` : '';
}
