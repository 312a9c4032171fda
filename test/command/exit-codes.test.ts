import { exitCodeOf, exitCodes } from '../../src/command/exit-codes.ts';
import { errorCodes, type LiveWorkerErrorCode } from '../../src/errors.ts';

test('every error ends the command with one of the documented codes, and none with 0', () => {
  const documented: readonly number[] = Object.values(exitCodes);
  for (const code of Object.keys(errorCodes) as LiveWorkerErrorCode[]) {
    expect(documented).toContain(exitCodeOf(code));
    expect(exitCodeOf(code)).not.toBe(exitCodes.done);
  }
});

test('a worker that fails, a mistake, a missing program and a stranger are told apart', () => {
  const codes = [
    'EXITED_BEFORE_READY',
    'OPTIONS_INVALID',
    'EXECUTABLE_NOT_FOUND',
    'STRANGERS_ON_QUEUE',
  ] as const;
  expect(codes.map(exitCodeOf)).toEqual([1, 2, 3, 4]);
});
