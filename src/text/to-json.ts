import { invisible } from './control-characters.ts';

/** JSON of the same meaning that a terminal shows as it is: invisible characters are written as `\u202e`. */
export function toJson(data: unknown): string {
  return JSON.stringify(data).replace(controls, control =>
    control
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** JSON.stringify() itself escapes those below a space. */
const controls = new RegExp(`[${invisible}]`, 'gu');
