import { element } from './element.ts';

/** @returns what to tell the reader */
export async function copyText(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied';
  } catch {
    return copyBySelection(text) ? 'Copied' : 'The browser does not allow to copy';
  }
}

/** A page that was opened from a file may not be allowed the other way. */
function copyBySelection(text: string): boolean {
  const area = element('textarea', { 'aria-hidden': 'true', class: 'offscreen' });
  area.value = text;
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  return isCopied;
}
