import { resolve } from 'node:path';
import { LiveWorkerError } from '../errors.ts';
import type { ProbeSpecOf } from '../options/probe-options.ts';
import { fatal, type Probe, type ProbeAnswer, pending } from './probe.ts';
import type { ProbeContext } from './probe-context.ts';

/** What the module of a `module` probe exports by default. */
export type ProbeModule = (question: ProbeQuestion) => ProbeAnswer | Promise<ProbeAnswer>;

/** What a `module` probe is told at each attempt. */
export interface ProbeQuestion {
  /** The worker's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The worker's working directory. */
  readonly cwd: string;
  /** The JSON that stands beside the path in the configuration. */
  readonly options: unknown;
  /** Aborts when the attempt is over, with any result. */
  readonly signal: AbortSignal;
}

/** Ready when the module says so; the file is loaded with the first attempt. */
export function moduleProbe(spec: ProbeSpecOf<'module'>, context: ProbeContext): Probe {
  const path = resolve(context.rootDir, spec.path);
  let loading: Promise<ProbeModule> | undefined;
  return {
    description: `${spec.path} says it is ready`,
    pace: 'gentle',
    async check(signal) {
      loading ??= loadProbe(path, context);
      let probe: ProbeModule;
      try {
        probe = await loading;
      } catch (error) {
        return fatal(error instanceof Error ? error.message : String(error));
      }
      const { env, cwd } = context;
      return checkAnswer(await probe({ env, cwd, options: spec.options, signal }), spec.path);
    },
  };
}

async function loadProbe(path: string, { loadModule, where }: ProbeContext): Promise<ProbeModule> {
  const exported = await loadModule(path);
  if (typeof exported === 'function') return exported as ProbeModule;
  throw new LiveWorkerError(
    'OPTIONS_INVALID',
    `Cannot use ${path} for ${where}: its default export is ${typeof exported}, wanted a function`,
  );
}

/** Written by users, maybe in JavaScript, so it is not believed. */
function checkAnswer(answer: unknown, path: string): ProbeAnswer {
  const { kind, why } = (answer ?? {}) as { readonly kind?: unknown; readonly why?: unknown };
  if (kind === 'ready') return { kind };
  if (kind === 'pending') return pending(String(why ?? 'pending'));
  if (kind === 'fatal') return fatal(String(why ?? 'fatal'));
  return fatal(
    `${path} answered ${JSON.stringify(answer)}, wanted { kind: 'ready' }, { kind: 'pending', why } or { kind: 'fatal', why }`,
  );
}
