/** What a statement does to the transaction it runs in. */
type StatementKind = 'begin' | 'commit' | 'rollback' | 'write' | 'copy-in' | 'read';

const noise = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/;
const byFirstWord: Readonly<Record<string, StatementKind>> = {
  ...{ begin: 'begin', start: 'begin' },
  ...{ commit: 'commit', end: 'commit' },
  ...{ rollback: 'rollback', abort: 'rollback' },
  ...{ insert: 'write', update: 'write', delete: 'write', merge: 'write', truncate: 'write' },
  ...{ create: 'write', alter: 'write', drop: 'write', call: 'write', do: 'write', execute: 'write' },
};

interface Statement {
  readonly kind: StatementKind;
  readonly sql: string;
}

/** Those of a simple query, in order; what is written in a function it calls is not seen. */
export function statementsOf(sql: string): readonly Statement[] {
  return splitStatements(sql).map(part => ({ kind: kindOf(part), sql: part }));
}

function kindOf(sql: string): StatementKind {
  const text = sql.replace(noise, '');
  const word = /^[a-z]+/i.exec(text)?.[0].toLowerCase() ?? '';
  if (word === 'with')
    return /\b(insert\s+into|update|delete\s+from|merge\s+into)\b/i.test(text) ? 'write' : 'read';
  if (word === 'copy')
    return /\bfrom\s+stdin\b/i.test(text) ? 'copy-in' : /\bfrom\b/i.test(text) ? 'write' : 'read';
  const kind = byFirstWord[word] ?? 'read';
  if (kind === 'rollback' && /^\w+\s+(?:work\s+|transaction\s+)?to\b/i.test(text)) return 'read';
  if (/^(?:commit|rollback)\s+prepared\b/i.test(text)) return 'write';
  return kind;
}

/** At semicolons outside of quotes; most have none but at their end. */
function splitStatements(sql: string): readonly string[] {
  const end = sql.trimEnd().replace(/;$/, '');
  if (!end.includes(';')) return [end];
  const parts = end.match(
    /(?:'(?:[^']|'')*'|"[^"]*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|[^;'"$-]|[$'"-])+/g,
  ) ?? [end];
  return parts.filter(part => part.trim() !== '');
}

const longest = 80;

/** The statement without its values, on one line: the same for each message. */
export function shapeOf(sql: string): string {
  const text = sql
    .replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g, '?')
    .replace(/(?:\b[EUBX]&?)?'(?:[^']|'')*'?/gi, '?')
    .replace(/(?<![\w$."])\d+(?:\.\d+)?\b/g, '?')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/;$/, '');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
