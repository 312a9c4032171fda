import { LiveWorkerError } from '../../../errors.ts';

/** One line for each failure after the loss of a turn was told. */
export function explainLostTurn(loss: LiveWorkerError): LiveWorkerError {
  const { queue } = loss.details as { readonly queue: string };
  return new LiveWorkerError(
    loss.code,
    `This file is not alone on queue "${queue}" any more: it lost its turn before, see there`,
    { details: loss.details },
  );
}
