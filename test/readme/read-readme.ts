import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';

export interface Page {
  /** From the repository's folder. */
  readonly path: string;
  readonly text: string;
}

const read = (path: string): Page => ({ path, text: readFileSync(join(repository, path), 'utf8') });
const pagesIn = (folder: string) =>
  readdirSync(join(repository, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => read(`${folder}/${name}`));

export const readme = read('README.md').text;
const reference = [read('README.md'), ...pagesIn('docs')];

/** All a user may read. */
export const pages: readonly Page[] = [...reference, read('CONTRIBUTING.md'), ...pagesIn('docs/recipes')];

/** README.md and the pages of docs/, without the recipes, as one text. */
export const manual = reference.map(({ text }) => text).join('\n');

export interface CodeBlock {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** Those of every page. */
export function codeBlocks(language: string): readonly CodeBlock[] {
  return pages.flatMap(blocksOf).filter(block => block.language === language);
}

function blocksOf({ path, text }: Page): readonly CodeBlock[] {
  const found = [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?\n) *```$/gm)];
  if (found.length * 2 !== (text.match(/^ *```/gm)?.length ?? 0))
    throw new Error(`A code block of ${path} is not closed`);
  return found.map(({ index, 2: language = '', 3: block = '' }) => ({
    page: path,
    language,
    text: block,
    line: text.slice(0, index).split('\n').length,
  }));
}

/** The blocks under `<!-- KIND: NAME -->`, by that name; those of kind `file` are for `readmeFiles`. */
export function labelledBlocks(
  kind: 'short' | 'python' | 'output' | 'fixture' | 'coverage' | 'tap' | 'laptop' | 'survive' | 'survived',
): Readonly<Record<string, string>> {
  const text = pages.map(page => page.text).join('\n');
  const blocks = text.matchAll(/<!-- (\w+): (\S+) -->\n```\w+\n([\s\S]*?\n)```\n/g);
  const wanted = [...blocks].filter(block => block[1] === kind);
  return Object.fromEntries(wanted.map(([, , name = '', block = '']) => [name, block]));
}

/** The rows below the header of the table that starts with this header cell, the `nth` of them. */
export function tableRows(firstHeader: string, nth = 0): readonly (readonly string[])[] {
  const tables = [...manual.matchAll(/^(\|.*\n)\|[-|]+\|\n((?:\|.*\n)+)/gm)];
  const table = tables.filter(([, header = '']) => cells(header)[0] === firstHeader)[nth];
  if (table === undefined) throw new Error(`The manual has no table number ${nth} with "${firstHeader}"`);
  return (table[2] ?? '').trimEnd().split('\n').map(cells);
}

function cells(row: string): readonly string[] {
  return row
    .trim()
    .slice(1, -1)
    .split('|')
    .map(cell => cell.trim());
}
