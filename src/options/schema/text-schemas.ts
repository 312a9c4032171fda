import { check, custom, type GenericSchema, pipe, string } from 'valibot';
import { didYouMean } from '../../text/find-nearest-name.ts';

/** Checks unknown input; the message of an issue is what was wanted and, on a second line, what to do. */
export type Schema<Output> = GenericSchema<unknown, Output>;

/** A string with more in it than spaces. */
export function textSchema(wanted: string): Schema<string> {
  return pipe(
    string(wanted),
    check(text => text.trim() !== '', wanted),
  );
}

/** The name of an environment variable. */
export const variableSchema = pipe(
  string('the name of a variable'),
  check(isVariableName, 'the name of a variable: not empty and without ='),
);

export function isVariableName(name: string): boolean {
  return name.trim() !== '' && !name.includes('=');
}

/** One of a few words. */
export function wordSchema<const Word extends string>(words: readonly Word[]): Schema<Word> {
  return custom<Word>(
    value => words.includes(value as Word),
    ({ input }) => withHint(oneOf(words), didYouMean(input, words)),
  );
}

export function oneOf(words: readonly string[]): string {
  return words.length === 1 ? `"${words[0]}"` : `one of ${words.map(word => `"${word}"`).join(', ')}`;
}

/** Refuses every value. */
export function refusal(wanted: string): Schema<never> {
  return custom<never>(() => false, wanted);
}

export function withHint(wanted: string, hint: string | undefined): string {
  return hint === undefined ? wanted : `${wanted}\n${hint}`;
}
