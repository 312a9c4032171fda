import { selectProcessReader } from './select-process-reader.ts';

/** The environment of this process as it was given to Jest. */
export interface GivenEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names in it that only Jest's own child process has. */
  readonly setByJest: readonly string[];
}

/**
 * jest-worker gives its children FORCE_COLOR=1 whenever the terminal of Jest has colours, no matter what it was before: the
 * environment of the Jest that forked it tells.
 */
export function givenEnvironment(
  { env, argv, ppid }: Pick<NodeJS.Process, 'env' | 'argv' | 'ppid'> = process,
  read: (pid: number) => string = pid => selectProcessReader().environment(pid),
): GivenEnvironment {
  if (!/[\\/]jest-worker[\\/].*processChild\.js$/.test(argv[1] ?? '')) return { env, setByJest: [] };
  if (env.FORCE_COLOR !== '1') return { env, setByJest: [] };
  const before = /\0FORCE_COLOR=([^\0]*)/.exec(read(ppid))?.[1];
  if (before === undefined) return { env, setByJest: ['FORCE_COLOR'] };
  return { env: { ...env, FORCE_COLOR: before }, setByJest: [] };
}
