import { custom } from 'valibot';
import type { HttpStatus } from '../probe-options.ts';
import type { Schema } from './text-schemas.ts';

const wanted = 'a status from 100 to 599, a range such as "200-399", or a list of these';

/** The statuses an `http` probe is satisfied with. */
export const httpStatusSchema: Schema<HttpStatus | readonly HttpStatus[]> = custom<
  HttpStatus | readonly HttpStatus[]
>(value => (Array.isArray(value) ? value.length > 0 && value.every(isStatus) : isStatus(value)), wanted);

function isStatus(value: unknown): boolean {
  if (typeof value === 'number') return isInRange(value);
  const [, from, to] = (typeof value === 'string' && /^(\d{3})-(\d{3})$/.exec(value)) || [];
  return isInRange(Number(from)) && isInRange(Number(to)) && Number(from) <= Number(to);
}

function isInRange(status: number): boolean {
  return Number.isInteger(status) && status >= 100 && status <= 599;
}
