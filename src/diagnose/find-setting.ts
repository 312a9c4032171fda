import type { Evidence } from './evidence.ts';

/** A server whose clients say what it told them. */
export type ServerKind = 'rabbitmq' | 'postgres' | 'redis';

const schemes: Readonly<Record<ServerKind, RegExp>> = {
  rabbitmq: /^(?:amqps?|pyamqp):\/\//i,
  postgres: /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:/i,
  redis: /^(?:rediss?|valkeys?):\/\//i,
};

/** What a worker is set to reach a server by, as far as it can be told. */
export interface Setting {
  /** To be corrected: `RABBITMQ_URL`, or words where it is unknown. */
  readonly name: string;
  /** Nothing, or one line of the cause. */
  readonly lines: readonly string[];
}

/** The variable that names what the server speaks of, or else the only one of its kind, or else the one the probe takes. */
export function findSetting(kind: ServerKind, told: string, { variables, services }: Evidence): Setting {
  const candidates = variables.filter(({ value }) => schemes[kind].test(value));
  const naming = candidates.find(({ value }) => mentions(told).some(mention => value.includes(mention)));
  const variable = naming ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (variable) return describe(`${variable.name}, ${variable.origin}`);
  const service = services.find(service => service.kind === kind);
  return service ? describe(service.source) : { name: 'the URL it uses', lines: [] };
}

/** As it stands in a URL: `//user:`, `/vhost`. */
function mentions(told: string): readonly string[] {
  return [...told.matchAll(/(vhost|user|role|database) ['"`]?([^\s'"`]+)/g)].flatMap(([, what, name = '']) =>
    what === 'user' || what === 'role' ? [`//${name}:`, `//${name}@`] : [`/${name}`],
  );
}

function describe(source: string): Setting {
  return { name: source.split(',', 1)[0] ?? source, lines: [`Its URL comes from ${source}`] };
}
