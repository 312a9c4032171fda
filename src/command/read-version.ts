import { basename } from 'node:path';
import { describeInterpreter } from '../launch/executable/describe-interpreter.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import { runCommand } from '../process/run-command.ts';

const timeoutMs = 2_000;
/** Those that answer `--version` at once and do nothing else. */
const known = /^(?:python|pypy|node|ruby|php|perl|deno|bun)[\d.]*$/;

/** `Python 3.12.1`, asked of the interpreter itself; undefined when it is none of the known ones or does not say. */
export async function readVersion(plan: LaunchPlan): Promise<string | undefined> {
  const { path } = describeInterpreter(plan);
  if (path === process.execPath) return process.version;
  if (!known.test(basename(path))) return undefined;
  const limits = { timeoutMs, signal: new AbortController().signal };
  const { code, lastLine } = await runCommand([path, '--version'], {
    cwd: plan.cwd,
    env: plan.env,
    ...limits,
  });
  return code === 0 ? lastLine : undefined;
}
