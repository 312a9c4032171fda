const longest = 160;

/** A statement without what differs from one time to the next: values, lists of them, white space. */
export function statementShape(sql: string): string {
  const text = sql
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '?')
    .replace(/(?<![\w$"])-?\d+(?:\.\d+)?\b/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/\(\s*(?:\?|\$\d+)(?:\s*,\s*(?:\?|\$\d+))+\s*\)/g, '(…)')
    .replace(/(\(…\))(?:\s*,\s*\(…\))+/g, '$1, …')
    .trim()
    .replace(/;$/, '');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
