/** Why a broker refuses to declare something again. */
export interface Inequivalence {
  /** `durable`, `auto_delete`, `type`, `x-message-ttl`. */
  readonly property: string;
  /** What it has; undefined: nothing of that name, or what cannot be told by a text. */
  readonly current: string | number | boolean | undefined;
}

/** Undefined for any other error. */
export function readInequivalence(error: unknown): Inequivalence | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code !== 406 || typeof message !== 'string') return undefined;
  const found = /inequivalent arg '([^']+)' for .*: received [\s\S]* but current is ([\s\S]*)"$/.exec(
    message,
  );
  return found ? { property: found[1] ?? '', current: readCurrent(found[2] ?? '') } : undefined;
}

function readCurrent(text: string): Inequivalence['current'] {
  const plain = /^'(true|false)'$/.exec(text)?.[1];
  if (plain !== undefined) return plain === 'true';
  const [, value = '', type = ''] = /^the value '([\s\S]*)' of type '(\w+)'$/.exec(text) ?? [];
  if (type === 'longstr') return value;
  if (type === 'bool') return value === 'true';
  return /^-?\d+$/.test(value) ? Number(value) : undefined;
}
