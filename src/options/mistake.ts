import { formatPath, type OptionPath } from './format-path.ts';

/** One mistake in the options or a pragma, as `details.mistakes` of an OPTIONS_INVALID error holds it. */
export interface Mistake {
  /** Where it stands, such as `workers.ops.ready[0].queues`. */
  readonly path: string;
  /** What stands there; secrets are masked. */
  readonly given: string;
  readonly wanted: string;
  /** What to write instead. */
  readonly hint?: string;
}

export function mistakeAt(
  path: OptionPath,
  {
    given,
    wanted,
    hint,
  }: { readonly given: string; readonly wanted: string; readonly hint?: string | undefined },
): Mistake {
  return { path: formatPath(path), given, wanted, ...(hint === undefined ? {} : { hint }) };
}
