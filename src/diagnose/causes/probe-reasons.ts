import type { Cause } from '../cause.ts';
import type { Evidence, PathTarget } from '../evidence.ts';
import { shortenPath } from '../shorten-path.ts';
import { type UnmetProbe, unmetProbes, unmetTargets } from '../unmet-probes.ts';
import { describePattern } from './log-pattern.ts';

/** A server that answers, but not as it is wanted. */
export function answersOtherwise(evidence: Evidence): Cause | undefined {
  const unmet = unmetTargets(evidence, 'http').find(({ why }) => /^it (?!is )/.test(why));
  if (!unmet) return undefined;
  const asked = unmet.probe.replace(/ answers with .*$/, '');
  return {
    text: `${asked}: ${unmet.why}; wanted ${unmet.target.wanted}`,
    change: [adviseOnAnswer(unmet.why)],
  };
}

/** The path that is there is another one. */
export function nearlyThere(evidence: Evidence): Cause | undefined {
  const [unmet] = unmetTargets(evidence, 'file', 'socket');
  if (!unmet) return undefined;
  const { target } = unmet;
  const listening =
    target.kind === 'socket' ? evidence.listeningPaths.filter(path => path !== target.path) : [];
  const nearest = listening[0] ?? evidence.search.nearestPath(target);
  if (nearest === undefined) return undefined;
  return {
    text: `${listening.length > 0 ? `it listens on ${nearest}` : `there is ${nearest}`}, the probe asks for ${target.path}`,
    change: [describePathChange(nearest, target, evidence.cwd)],
  };
}

function describePathChange(nearest: string, { kind, asked }: PathTarget, cwd: string): string {
  const way = shortenPath(nearest, cwd);
  return `set path: "${way}" on the probe instead of "${asked}": it counts from cwd; or make the worker ${kind === 'file' ? 'write' : 'listen'} there`;
}

/** The deadline came before the first answer of any probe. */
export function neverAsked({ failure, probes, startTimeoutMs }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout' || probes.length === 0) return undefined;
  if (probes.some(({ answer }) => answer !== undefined)) return undefined;
  return {
    text: `none of its probes has answered once within ${startTimeoutMs} ms: this machine has too much else to do, or what they ask is very slow`,
    change: ['give it more time with startTimeoutMs, or run fewer test files at once: jest --maxWorkers'],
  };
}

/** Only where nothing else is known: the first probe that was not satisfied, in its own words. */
export function probeSays(evidence: Evidence): Cause | undefined {
  const [unmet] = unmetProbes(evidence);
  if (!unmet) return undefined;
  const isSilent = evidence.output.stdout.length + evidence.output.stderr.length === 0;
  // That it wrote nothing says more.
  if (isSilent && ['log', 'service'].includes(unmet.target.kind)) return undefined;
  return describeUnmet(unmet, evidence);
}

function describeUnmet({ probe, why, target }: UnmetProbe, evidence: Evidence): Cause {
  switch (target.kind) {
    case 'log':
      return {
        text: `it has not written ${describePattern(target.pattern)}${describeLastLine(evidence)}`,
        change: ['correct the pattern of the probe, or look at why the worker does not get there'],
      };
    case 'notify':
      return {
        text: 'it never wrote a newline to the descriptor in LIVE_WORKER_READY_FD',
        change: [
          'write it when the worker is ready; what starts it in between, such as sudo or a subprocess of Python, has to hand the descriptor on',
        ],
      };
    case 'command':
      return {
        text: `${probe.replace(/ ends with code 0$/, '')}: ${why}`,
        change: ["run it by hand in the worker's cwd with its environment, and correct it or the worker"],
      };
    case 'module':
      return {
        text: `${probe.replace(/ says it is ready$/, '')} says: ${why}`,
        change: ['bring that about in the worker, or correct what the probe module asks for'],
      };
    case 'file':
      return {
        text: `it has not made ${target.path}`,
        change: [
          'look at where the worker writes it, or correct the path of the probe, which counts from cwd',
        ],
      };
    case 'socket':
      return {
        text: `no process accepts connections on ${target.path}`,
        change: ['look at where the worker listens, or correct the path of the probe, which counts from cwd'],
      };
    case 'tcp':
    case 'http':
    case 'service':
      return {
        text: `waited for in vain: ${probe}; ${why}`,
        change: ["correct the probe, or the worker's setting for it"],
      };
    default:
      return target satisfies never;
  }
}

function describeLastLine({ output: { stdout, stderr } }: Evidence): string {
  const [line] = [stdout.at(-1), stderr.at(-1)].filter(text => text !== undefined);
  return line === undefined ? '' : `; its last line is ${JSON.stringify(line.trim().slice(0, 120))}`;
}

function adviseOnAnswer(why: string): string {
  const [, status = ''] = /^it answers with status (\d{3})/.exec(why) ?? [];
  if (why.includes('a redirect, more than'))
    return `ask another URL, or take the redirect for an answer: status: ${status}`;
  if (status === '401' || status === '403')
    return `ask a URL that needs no login, or take that for an answer: status: ${status}`;
  if (status === '404' || status === '405')
    return 'correct the path of url: the server is there, that page is not';
  if (status.startsWith('5'))
    return 'read its output for the reason, or ask a URL that does not depend on it';
  return status === ''
    ? 'correct the scheme or the port of url'
    : `correct url, or want that status: status: ${status}`;
}
