import { LiveWorkerError } from '../../../errors.ts';
import type { PrepareOrder } from './prepare-order.ts';

export function noInputs({ inputs }: PrepareOrder): LiveWorkerError {
  return new LiveWorkerError(
    'OPTIONS_INVALID',
    `Cannot use isolate.postgres.inputs: ${inputs.map(glob => JSON.stringify(glob)).join(', ')} name no file below rootDir\nName the files that prepare reads, such as 'migrations/**'`,
    { details: { inputs } },
  );
}

export function wroteElsewhere({ command }: PrepareOrder): LiveWorkerError {
  return new LiveWorkerError(
    'PREPARE_FAILED',
    [
      `Cannot make a template: ${command.join(' ')} ended well, and the database it was given has nothing new in it`,
      'cause:  it wrote to another database, or had nothing to do',
      "change: let it take its database from the variable the worker takes it from, which leads to the template's; for one that is configured by parts: isolate.env",
    ].join('\n'),
    { details: { command } },
  );
}

export function changesItsInputs({ command }: PrepareOrder, path: string): LiveWorkerError {
  return new LiveWorkerError(
    'PREPARE_FAILED',
    [
      `Cannot keep the template that ${command.join(' ')} made: it changed "${path}", which is one of its inputs`,
      'cause:  a template is kept under what its inputs hold, so this one would be made anew for every run',
      `change: leave that file out of isolate.postgres.inputs: '!${path}'`,
    ].join('\n'),
    { details: { command, path } },
  );
}
