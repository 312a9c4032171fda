/** The code blocks under a `<!-- file: NAME -->`, by that name. */
export function readmeFiles(markdown: string): ReadonlyMap<string, string> {
  const blocks = markdown.matchAll(/<!-- file: (\S+) -->\s*```\w*\n([\s\S]*?\n)```/g);
  const files = new Map([...blocks].map(([, name = '', text = '']) => [name, text]));
  if (files.size === 0) {
    throw new Error('Cannot read the example of README.md: no code block follows a <!-- file: NAME -->');
  }
  return files;
}
