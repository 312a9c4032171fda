/** An error as Jest collects it: alone, or with the place where the test or hook was defined. */
type Collected = unknown | readonly [error: unknown, definedAt: unknown];

/** In characters. */
const longest = 16_000;

/** What Jest shows of a failure, as the records keep it: message, what stands below it, and frames. */
export function failureText(collected: Collected): string {
  return wholeText(collected).slice(0, longest);
}

function wholeText(collected: Collected): string {
  const [error, definedAt] = Array.isArray(collected) ? collected : [collected, undefined];
  if (typeof error === 'object' && error !== null) return textOf(error) ?? String(error);
  const place = typeof definedAt === 'object' && definedAt !== null ? textOf(definedAt) : undefined;
  const frames = place?.slice(place.search(/\n\s+at /)) ?? '';
  return `thrown: ${String(error)}${frames}`;
}

/** Of any realm. Node's `stack` of an error begins with its message; one of another making may not. */
function textOf(error: object): string | undefined {
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown };
  if (typeof stack !== 'string') return typeof message === 'string' ? message : undefined;
  if (typeof message !== 'string' || stack.includes(message.split('\n')[0] ?? '')) return stack;
  return `${message}\n${stack}`;
}
