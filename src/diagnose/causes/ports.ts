import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput } from '../find-in-output.ts';

const mostHolders = 5;

export function addressInUse(evidence: Evidence): Cause | undefined {
  const lines = findAllInOutput(
    evidence,
    /EADDRINUSE|address already in use|port is already allocated|port \d+ (?:was|is) already in use|^.*Connection in use: \(/i,
  );
  if (lines.length === 0) return undefined;
  const named = lines.map(({ input }) => portIn(input)).find(port => port !== undefined);
  const candidates = named === undefined ? portsAskedFor(evidence) : [named];
  const held = candidates.flatMap(port =>
    evidence.search.listenersOn(port).map(holder => ({ port, ...holder })),
  );
  const ports = [...new Set(held.map(({ port }) => port))];
  if (ports.length === 0) return unknownHolder(named);
  return {
    text: [
      `port ${ports.join(' and ')} is in use already${variableWith(ports[0], evidence)}; it is held by`,
      ...held
        .slice(0, mostHolders)
        .map(({ pid, port, command }) => `  | pid ${pid} on port ${port}: ${command}`),
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

/** `listen EADDRINUSE: address already in use :::3000`, `bind on address ('127.0.0.1', 8080)`; a time of day is no port. */
function portIn(line: string): number | undefined {
  const text = line.replace(/\b\d{1,2}:\d{2}(?::\d{2})?\b/g, '');
  const port =
    /', (\d{2,5})\)/.exec(text)?.[1] ??
    /[\w.\]:]:(\d{2,5})\b/.exec(text)?.[1] ??
    /port (\d{2,5})\b/i.exec(text)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Python names no port, so those come into question that the launch names, save for those it is a client of. */
function portsAskedFor({ variables, command, services }: Evidence): readonly number[] {
  const fromVariables = variables
    .filter(
      ({ name }) => /PORT/.test(name) && !/^PG|DB|DATABASE|POSTGRES|RABBIT|AMQP|REDIS|BROKER/.test(name),
    )
    .map(({ value }) => value);
  const fromCommand = command.flatMap(word => /(?:^|[:=])(\d{2,5})$/.exec(word)?.[1] ?? []);
  const ports = [...fromVariables, ...fromCommand].filter(text => /^\d{2,5}$/.test(text)).map(Number);
  return [...new Set(ports)].filter(port => !services.some(({ endpoint }) => endpoint.port === port));
}

function variableWith(port: number | undefined, { variables }: Evidence): string {
  const variable = variables.find(({ name, value }) => /PORT/.test(name) && value === String(port));
  return variable ? ` (${variable.name}, ${variable.origin})` : '';
}
