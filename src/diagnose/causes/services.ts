import type { Endpoint } from '../../process/table/read-sockets.ts';
import type { Cause } from '../cause.ts';
import { describeEndpoint, describeService, isSame, variableFor } from '../endpoints.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput, findInOutput } from '../find-in-output.ts';

const refused =
  /ECONNREFUSED|[Cc]onnection refused|actively refused|Connect call failed|Connection to \S+ refused|Can't reach database server/;
/** `127.0.0.1:5999`, `[::1]:5999`, `::1:5999`, `('127.0.0.1', 5999)`, `at "localhost", port 5999`, `for "localhost" port 5999`. */
const address =
  /["`]?(\[[\da-f:]+\]|::1|(?<![:\w.-])[a-z\d][\w.-]*)["`]?:`?(\d{3,5})\b|\('([\w.:-]+)', (\d{1,5})\b|"([\w.:-]+)"(?: \([^)]*\))?,? port (\d{1,5})/i;

/** The worker itself was refused, even where the probes were not. */
export function connectionRefused(evidence: Evidence): Cause | undefined {
  const lines = findAllInOutput(evidence, refused).map(({ input }) => input);
  // The fields of an error, which Node prints below its stack, say less than its message.
  const last = lines.find(line => !/^\s+code: /.test(line)) ?? lines[0];
  if (last === undefined) return undefined;
  const endpoint = [...lines, findNeighbour(evidence) ?? ''].map(refusedEndpoint).find(Boolean);
  if (!endpoint) {
    return {
      text: `something refused its connection: ${last.trim()}`,
      change: ['compare the addresses in its environment with where its services listen'],
    };
  }
  if (isReachedNow(endpoint, evidence)) return undefined;
  const answering = evidence.services.find(service => isSame(service.endpoint, endpoint));
  if (answering) {
    return {
      text: `it was refused by ${describeEndpoint(endpoint)}, where live-worker itself gets an answer from ${describeService(answering)}`,
      change: [
        'look whether the worker runs in a container or network of its own, where that name is another machine',
      ],
    };
  }
  const variable = variableFor(endpoint, evidence.variables);
  const source = variable
    ? `which comes from ${variable.name}, ${variable.origin}`
    : 'which none of its variables names: a default in its code';
  return {
    text: [
      `nothing listens on ${describeEndpoint(endpoint)}, where the worker wants to connect to, ${source}`,
      ...describeExpected(endpoint, evidence),
    ].join('\n'),
    change: [
      variable
        ? `correct ${variable.name}, or start what should listen there`
        : 'set the variable the worker reads for this address, in its env or env file',
    ],
  };
}

/** It was refused before, and tried again. */
function isReachedNow(endpoint: Endpoint, { failure, peers = [] }: Evidence): boolean {
  return failure.kind === 'timeout' && peers.some(peer => isSame(peer, endpoint));
}

export function tableMissing(evidence: Evidence): Cause | undefined {
  const answers = evidence.probes.map(({ answer }) => (answer && answer.kind !== 'ready' ? answer.why : ''));
  const pattern = /relation "([^"]+)" does not exist(?: in database "([^"]+)")?(?:.*; (there is .*))?/;
  const match = answers.map(why => pattern.exec(why)).find(Boolean) ?? findInOutput(evidence, pattern);
  if (!match) return undefined;
  const service = evidence.services.find(({ role }) => role === 'database');
  const place = service ? ` of ${describeService(service)} (${service.source})` : '';
  return {
    text: `relation "${match[1]}" does not exist in ${match[2] === undefined ? 'the database' : `database "${match[2]}"`}${place}`,
    change: [
      match[3] === undefined
        ? 'run the migrations on that database, or correct the variable that names it'
        : `${match[3]}, or run the migrations on that database`,
    ],
  };
}

/** A `postgres` probe with `connection: true` has seen what the worker did instead. */
export function loggedInElsewhere({ failure, probes }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout') return undefined;
  const pattern =
    /^the worker (is logged in to database .*|has a connection to .*|has no session .*, and no connection to .*)$/;
  const answers = probes.map(({ answer }) => (answer?.kind === 'pending' ? answer.why : ''));
  const text = answers.map(why => pattern.exec(why)?.[1]).find(Boolean);
  return text === undefined
    ? undefined
    : {
        text: `it ${text}`,
        change: [
          "compare the variable the worker takes its database from with the probe's, or give the probe its url: '${NAME}'",
        ],
      };
}

function describeExpected({ port }: Endpoint, { services }: Evidence): readonly string[] {
  return services
    .filter(service => service.endpoint.port !== port)
    .map(service => `The probe expects ${describeService(service)} (${service.source})`);
}

function refusedEndpoint(line: string): Endpoint | undefined {
  const [, host, port, tupleHost, tuplePort, quotedHost, quotedPort] = address.exec(line) ?? [];
  const name = host ?? tupleHost ?? quotedHost;
  if (name === undefined) return undefined;
  return { host: name.replace(/^\[|\]$/g, ''), port: Number(port ?? tuplePort ?? quotedPort) };
}

/** pika names the address in a line of its own. */
function findNeighbour(evidence: Evidence): string | undefined {
  return findInOutput(
    evidence,
    /(?:raddr=|getaddrinfo|AMQPConnector|Connecting to).*'[\w.:-]+', \d{2,5}/,
  )?.[0];
}
