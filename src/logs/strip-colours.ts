import { stripVTControlCharacters } from 'node:util';

/** The text without ANSI escape sequences; most text has none, and is not searched for each kind of them. */
export function stripColours(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? stripVTControlCharacters(text) : text;
}
