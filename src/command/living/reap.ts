import { endLeftover } from '../../records/end-leftovers.ts';
import { maskCommandLine } from '../../secrets/mask-value.ts';
import { Secrets } from '../../secrets/secrets.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { exitCodes } from '../exit-codes.ts';
import { findLiving, type PsOptions } from './ps.ts';

/** Ends what has no living owner, and nothing else. */
export async function reap(options: PsOptions, context: CommandContext): Promise<CommandResult> {
  const orphans = (await findLiving(options, context)).filter(({ owner }) => !owner.isAlive);
  const outcomes = await Promise.all(
    orphans.map(({ worker, id, logPaths }) =>
      endLeftover({ worker, mark: { id, leader: undefined, logPaths } }),
    ),
  );
  const ended = outcomes.filter(({ pids }) => pids.length > 0);
  const survivors = ended.flatMap(outcome =>
    outcome.survivors.map(({ pid, command }) => ({ pid, command: maskCommandLine(command, new Secrets()) })),
  );
  const lines = ended.map(({ worker, pids }) => `ended worker "${worker}": pid ${pids.join(', ')}`);
  return {
    document: { ended: ended.map(({ worker, pids }) => ({ worker, pids })), survivors },
    text: [
      ...(lines.length === 0 ? ['nothing to end'] : lines),
      ...survivors.map(({ pid, command }) => `still alive after SIGKILL: pid ${pid}: ${command}`),
    ].join('\n'),
    code: survivors.length === 0 ? exitCodes.done : exitCodes.workerFailed,
  };
}
