import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';

export const readme = readFileSync(join(repository, 'README.md'), 'utf8');

export interface CodeBlock {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

export function codeBlocks(language: string): readonly CodeBlock[] {
  const found = [...readme.matchAll(/^( *)```(\w+)\n([\s\S]*?\n) *```$/gm)];
  if (found.length * 2 !== readme.match(/^ *```/gm)?.length) throw new Error('A code block is not closed');
  return found
    .map(({ index, 2: name = '', 3: text = '' }) => ({ language: name, text, line: lineOf(index) }))
    .filter(block => block.language === language);
}

/** The blocks under `<!-- KIND: NAME -->`, by that name; those of kind `file` are for `readmeFiles`. */
export function labelledBlocks(kind: 'short' | 'python' | 'output'): Readonly<Record<string, string>> {
  const blocks = readme.matchAll(/<!-- (\w+): (\S+) -->\n```\w+\n([\s\S]*?\n)```\n/g);
  const wanted = [...blocks].filter(block => block[1] === kind);
  return Object.fromEntries(wanted.map(([, , name = '', text = '']) => [name, text]));
}

/** The rows below the header of the table that starts with this header cell, the `nth` of them. */
export function tableRows(firstHeader: string, nth = 0): readonly (readonly string[])[] {
  const tables = [...readme.matchAll(/^(\|.*\n)\|[-|]+\|\n((?:\|.*\n)+)/gm)];
  const table = tables.filter(([, header = '']) => cells(header)[0] === firstHeader)[nth];
  if (table === undefined) throw new Error(`README.md has no table number ${nth} with "${firstHeader}"`);
  return (table[2] ?? '').trimEnd().split('\n').map(cells);
}

function cells(row: string): readonly string[] {
  return row
    .trim()
    .slice(1, -1)
    .split('|')
    .map(cell => cell.trim());
}

function lineOf(index: number): number {
  return readme.slice(0, index).split('\n').length;
}
