/** A value as it stands in a list: of several lines the first. */
export function firstLine(value: string): string {
  const [line = '', ...more] = value.split('\n');
  return more.length === 0 ? line : `${line}… (${more.length + 1} lines)`;
}
