import { LiveWorkerError } from '../../errors.ts';
import type { LeaseOrder, ServersOrder, SlotsOrder } from '../protocol.ts';

const change = [
  "change: add it to the Jest configuration: reporters: ['default', 'jest-environment-live-worker/reporter'], or build the configuration by withLiveWorkers()",
  '        where there are projects it stands beside them, in none of them; --reporters on the command line takes the place of all, so name it there too',
].join('\n');

export function reporterMissing({ workers }: LeaseOrder): LiveWorkerError {
  const names = workers.map(({ name }) => `"${name}"`).join(', ');
  return new LiveWorkerError(
    'REPORTER_MISSING',
    [
      `Cannot share worker ${names} between the files of this run: scope: 'run' needs the reporter, which ends it with the run`,
      change,
    ].join('\n'),
    { details: { workers: workers.map(({ name }) => name) } },
  );
}

export function reporterMissingForSlots({ testFile }: SlotsOrder): LiveWorkerError {
  return new LiveWorkerError(
    'REPORTER_MISSING',
    [
      `Cannot isolate ${testFile}: isolate needs the reporter, which drops what was made with the end of the run`,
      change,
    ].join('\n'),
    { details: { testFile } },
  );
}

export function reporterMissingForServers({ testFile, wants }: ServersOrder): LiveWorkerError {
  const names = wants.map(({ kind, source }) => `${kind}: '${source}'`).join(', ');
  return new LiveWorkerError(
    'REPORTER_MISSING',
    [
      `Cannot provide servers for ${testFile}: services: { ${names} } needs the reporter, which ends them with the run`,
      change,
    ].join('\n'),
    { details: { testFile } },
  );
}
