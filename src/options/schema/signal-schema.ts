import { constants } from 'node:os';
import { custom } from 'valibot';
import { didYouMean } from '../../text/find-nearest-name.ts';
import { type Schema, withHint } from './text-schemas.ts';

const signals = Object.keys(constants.signals);

/** The name of a signal of this operating system. */
export const signalSchema: Schema<NodeJS.Signals> = custom<NodeJS.Signals>(
  value => signals.includes(value as string),
  ({ input }) => withHint('the name of a signal, such as "SIGTERM"', suggestSignal(input)),
);

function suggestSignal(given: unknown): string | undefined {
  if (typeof given !== 'string') return undefined;
  return didYouMean(given, signals) ?? didYouMean(`SIG${given}`, signals);
}
