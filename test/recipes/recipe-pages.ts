import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';

export interface RecipePage {
  readonly name: string;
  readonly text: string;
  /** The blocks under `<!-- file: NAME -->`. */
  readonly files: Readonly<Record<string, string>>;
  /** The Jest configurations among them. */
  readonly configurations: readonly string[];
}

const folder = join(repository, 'docs', 'recipes');

export function readRecipes(): readonly RecipePage[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .map(name => {
      const text = readFileSync(join(folder, name), 'utf8');
      const blocks = text.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?\n)```/g);
      const files = Object.fromEntries([...blocks].map(([, file = '', content = '']) => [file, content]));
      return {
        name,
        text,
        files,
        configurations: Object.keys(files).filter(file => /^jest\..*config\.\w+$/.test(file)),
      };
    });
}

/** The packages its `npm install` lines name, without versions. */
export function packagesOf({ text }: RecipePage): readonly string[] {
  const lines = [...text.matchAll(/^npm install (.*)$/gm)].map(([, words = '']) => words);
  return lines
    .flatMap(line => line.split(' '))
    .filter(word => !word.startsWith('--'))
    .map(word => word.replace(/(?<=.)@.*$/, ''));
}
