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

/** Parts of names that brokers and clients make up. */
const generated = [
  /amq\.gen-[\w-]+/g,
  /(?<=amq\.rabbitmq\.reply-to)\.\S+/g,
  /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi,
  /(?<![0-9a-z])[0-9a-f]{16,}(?![0-9a-z])/gi,
];

/** The name of a queue, an exchange or a key without what is another each time. */
export function nameShape(name: string): string {
  return generated.reduce((text, pattern) => text.replace(pattern, '…'), name);
}
