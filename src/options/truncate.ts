/** Cuts a text to 80 characters, the last of them `…`. */
export function truncate(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 79).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
