import { LiveWorkerError } from '../../errors.ts';

export function testOver(): LiveWorkerError {
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    'The test was over before what it waited for happened\nIs an await missing, or its timeoutMs longer than the test may take?',
  );
}

export function fileOver(): LiveWorkerError {
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    'The test file was over before this had ended\nIs an await missing?',
  );
}
