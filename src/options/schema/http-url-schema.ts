import { check, pipe, string } from 'valibot';
import type { Schema } from './text-schemas.ts';

const wanted = 'a URL that starts with http:// or https://, or holds a reference such as "${BASE_URL}"';

/** What a GET can be sent to. */
export const httpUrlSchema: Schema<string> = pipe(
  string(wanted),
  check(text => /^https?:\/\/[^\s/]/i.test(text) || text.includes('${'), wanted),
);
