import { custom } from 'valibot';
import type { Schema } from './text-schemas.ts';

/** The longest time a timer of Node can wait; beyond it one fires at once. */
const longestTimeMs = 2 ** 31 - 1;

/** A time in milliseconds. */
export function timeSchema(atLeastMs = 0): Schema<number> {
  return wholeNumberSchema(
    atLeastMs,
    longestTimeMs,
    `a whole number of milliseconds from ${atLeastMs} to ${longestTimeMs}`,
  );
}

export function wholeNumberSchema(atLeast: number, atMost: number, wanted: string): Schema<number> {
  return custom<number>(value => isWholeNumber(value) && value >= atLeast && value <= atMost, wanted);
}

/** A number, its digits, or a string with a reference such as `${HTTP_PORT}`. */
export const portSchema: Schema<number | string> = custom<number | string>(
  value => isPort(value) || (typeof value === 'string' && (value.includes('${') || isPort(toNumber(value)))),
  'a port from 1 to 65535, or a string such as "${HTTP_PORT}"',
);

function isPort(value: unknown): boolean {
  return isWholeNumber(value) && value >= 1 && value <= 65_535;
}

function isWholeNumber(value: unknown): value is number {
  return Number.isInteger(value);
}

function toNumber(digits: string): number {
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}
