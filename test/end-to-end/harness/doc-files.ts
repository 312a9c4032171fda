import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './folders.ts';

/** The blocks under `<!-- file: NAME -->` of a page of the manual. */
export function filesOfPage(page: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(repository, 'docs', page), 'utf8');
  const blocks = text.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?\n)```/g);
  return Object.fromEntries([...blocks].map(([, file = '', content = '']) => [file, content]));
}
