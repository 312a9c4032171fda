import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lines a program wrote before it ended, as an error quotes them. */
export function recorded(name: string): readonly string[] {
  const text = readFileSync(join(__dirname, 'recorded', `${name}.txt`), 'utf8');
  return text.split('\n').filter(line => line.trim() !== '');
}
