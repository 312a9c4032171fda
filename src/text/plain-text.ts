import { stripVTControlCharacters } from 'node:util';
import { escapeControls } from './escape-controls.ts';

/** Lines as an error quotes them: colours and other sequences of a terminal taken out, all else that is no text escaped. */
export function plainText(text: string): string {
  return escapeControls(stripVTControlCharacters(text).replaceAll('\r\n', '\n'));
}
