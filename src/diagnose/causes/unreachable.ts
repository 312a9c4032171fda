import type { Cause } from '../cause.ts';
import type { Evidence, EvidenceVariable } from '../evidence.ts';
import { findAllInOutput } from '../find-in-output.ts';

/** A host the worker wants has no address, in the words of any runtime. */
export function hostUnknown(evidence: Evidence): Cause | undefined {
  const lines = findAllInOutput(evidence, unresolved).map(({ input }) => input);
  const [last] = lines;
  if (last === undefined) return undefined;
  const host = lines.map(hostIn).find(name => name !== undefined);
  if (host === undefined) {
    return {
      text: `a name it wants to connect to has no address: ${last.trim()}`,
      change: [`look for the host in its variables: ${composeHint}`],
    };
  }
  const variable = variableNaming(host, evidence);
  return {
    text: `the host "${host}" has no address${describeSource(variable)}`,
    change: [`correct the host${variable ? ` in ${variable.name}` : ''}: ${composeHint}`],
  };
}

/** The network, not the server, was silent. */
export function neverAnswered(evidence: Evidence): Cause | undefined {
  const [line] = findAllInOutput(evidence, silent).map(({ input }) => input);
  if (line === undefined) return undefined;
  const host = addressIn(line);
  const variable = host === undefined ? undefined : variableNaming(host, evidence);
  return {
    text: `a server it wants to connect to does not answer${describeSource(variable)}: ${line.trim()}`,
    change: [
      `correct the address${variable ? ` in ${variable.name}` : ''}, or look for what is between them: a firewall, a VPN, another network`,
    ],
  };
}

const composeHint = 'the service names of Docker Compose exist only inside of its network';

/** Of Node, Python and libc, Go, the JVM, PHP, libpq. */
const unresolved =
  /getaddrinfo E\w+|Name or service not known|[Tt]emporary failure in name resolution|nodename nor servname|No address associated with hostname|no such host\b|UnknownHostException: |could not translate host name|[Ff]ailed to lookup address information|No such host is known/;

const silent =
  /\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b|[Cc]onnection timed out|[Cc]onnect timed out|connection (?:attempt )?timed out|dial tcp .*i\/o timeout|timeout expired|No route to host|Network is unreachable/;

function hostIn(line: string): string | undefined {
  const [, ...names] =
    /getaddrinfo E\w+ ([\w.-]+)|lookup ([\w.-]+)(?: on \S+)?: |UnknownHostException: ([\w.-]+)|host name "([^"]+)"|getaddrinfo for ([\w.-]+) failed|connecting to ([\w.-]+):\d+|@([\w.-]+):\d+/.exec(
      line,
    ) ?? [];
  return names.find(name => name !== undefined);
}

function addressIn(line: string): string | undefined {
  const match =
    /\b(\d{1,3}(?:\.\d{1,3}){3})\b/.exec(line) ?? /(?<![\w.])([a-z][\w.-]*):\d{2,5}\b/i.exec(line);
  return match?.[1];
}

function variableNaming(host: string, { variables }: Evidence): EvidenceVariable | undefined {
  const whole = new RegExp(`(?<![\\w.-])${host.replaceAll('.', '\\.')}(?![\\w.-])`);
  return variables.find(
    ({ name, value }) => value === host || (/HOST|UR[IL]|ADDR|SERVER|DSN/i.test(name) && whole.test(value)),
  );
}

function describeSource(variable: EvidenceVariable | undefined): string {
  return variable ? `, which comes from ${variable.name}, ${variable.origin}` : '';
}
