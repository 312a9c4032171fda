import { invisible } from './control-characters.ts';

/**
 * Shows what a terminal or a reader would act upon as `\x08` or `\u202e`: control characters but tab and line feed, what
 * changes the direction of text, what has no width. Colours stay where `keepColours` is set.
 */
export function escapeControls(text: string, { keepColours = false } = {}): string {
  return text.replace(controls, control =>
    keepColours && isColour(control) ? control : escapeFirst(control),
  );
}

/** A sequence of ECMA-48 that colours text comes as a whole, so that it can stay. */
const controls = new RegExp(`\\x1b\\[[\\d;:]*m|[\\0-\\x08\\x0b-\\x1f${invisible}]`, 'gu');

/** What conceals text is no colour. */
function isColour(control: string): boolean {
  const parameters = /^\x1b\[([\d;]*)m$/.exec(control)?.[1]?.replace(extendedColour, '');
  return parameters !== undefined && !parameters.split(';').some(parameter => Number(parameter) === 8);
}

/** `38;5;8` is the eighth colour of a palette. */
const extendedColour = /(?<=^|;)[345]8;(?:5;\d+|2;\d+;\d+;\d+)(?=;|$)/g;

function escapeFirst(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  const rest = control.slice(code > 0xffff ? 2 : 1);
  if (code > 0xffff) return `\\u{${digits}}${rest}`;
  return `${code > 0xff ? `\\u${digits.padStart(4, '0')}` : `\\x${digits.padStart(2, '0')}`}${rest}`;
}
