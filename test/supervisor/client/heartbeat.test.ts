import { Heartbeat } from '../../../src/supervisor/client/heartbeat.ts';

/** Beats under a clock of the test. */
function craft() {
  const told: string[] = [];
  const heartbeat = new Heartbeat({ ping: () => told.push('ping'), onSilence: () => told.push('silence') });
  return { heartbeat, told };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('Heartbeat tells of silence after five pings without any answer', () => {
  const { heartbeat, told } = craft();
  heartbeat.start();
  jest.advanceTimersByTime(5_999);
  expect(told).toEqual(['ping', 'ping', 'ping', 'ping', 'ping']);
  jest.advanceTimersByTime(60_000);
  expect(told.slice(5)).toEqual(['silence']);
});

test('Heartbeat counts anew whenever something is heard', () => {
  const { heartbeat, told } = craft();
  heartbeat.start();
  for (let index = 0; index < 20; index += 1) {
    jest.advanceTimersByTime(5_000);
    heartbeat.heard();
  }
  expect(told).not.toContain('silence');
});

test('Heartbeat is quiet after stop(), and start() twice is one heart', () => {
  const { heartbeat, told } = craft();
  heartbeat.start();
  heartbeat.start();
  jest.advanceTimersByTime(1_000);
  heartbeat.stop();
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual(['ping']);
});
