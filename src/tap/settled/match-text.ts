const compiled = new Map<string, RegExp>();
const mostCompiled = 1_000;

/** `*` stands for anything. */
export function matchesName(pattern: string, name: string): boolean {
  return toRegExp(pattern).test(name);
}

/** The same; neither white space nor case counts. */
export function matchesStatement(pattern: string, sql: string): boolean {
  return matchesName(plain(pattern), plain(sql));
}

function plain(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim().toLowerCase();
}

function toRegExp(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known) return known;
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const made = new RegExp(`^${parts.join('[\\s\\S]*?')}$`);
  if (compiled.size < mostCompiled) compiled.set(pattern, made);
  return made;
}
