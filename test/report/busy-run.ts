import type { RunModel, TestModel } from '../../src/report/model.ts';

/** A run of so many files, each with its worker, ten tests and some two hundred lines of log. */
export function busyRun(fileCount: number): RunModel {
  const ids = Array.from({ length: fileCount }, (_, index) => `file-${index}.test.js`);
  return {
    version: 1,
    title: 'busy',
    startedAtMs: 1_700_000_000_000,
    durationMs: fileCount * 1_000,
    shards: [],
    notes: [],
    files: ids.map((id, index) => ({
      id,
      path: id,
      pid: 100 + (index % 4),
      fromMs: index * 1_000,
      toMs: index * 1_000 + 990,
      outcome: index % 10 === 3 ? 'failed' : 'passed',
      waitedMs: 100,
      readyMs: index * 1_000 + 100,
      failures: [],
      tests: Array.from({ length: 10 }, (_, number) => testOf(id, index, number)),
      workers: [`${id}/ops`],
      events: [
        { atMs: index * 1_000 + 5, kind: 'queue', text: 'queue "tasks" before the start: 0 messages' },
      ],
    })),
    workers: ids.map((id, index) => ({
      id: `${id}/ops`,
      name: 'ops',
      scope: 'file',
      files: [id],
      command: ['node', 'worker.js'],
      cwd: '/shop',
      states: [
        { state: 'starting', fromMs: index * 1_000 + 10, toMs: index * 1_000 + 100, detail: 'pid 5' },
        { state: 'ready', fromMs: index * 1_000 + 100, toMs: index * 1_000 + 980, detail: 'pid 5' },
      ],
      probes: [{ probe: 'queue tasks', answer: 'ready', atMs: index * 1_000 + 100 }],
      events: [{ atMs: index * 1_000 + 100, kind: 'worker', text: 'ready: every probe was satisfied' }],
      logPaths: { stdout: `/shop/${id}/ops.stdout.log`, stderr: `/shop/${id}/ops.stderr.log` },
    })),
    logs: ids.flatMap((id, index) =>
      Array.from({ length: 10 }, (_, number) => ({
        worker: `${id}/ops`,
        stream: 'stderr' as const,
        test: `${id}:${number + 1}`,
        fromMs: index * 1_000 + 100 + number * 80,
        toMs: index * 1_000 + 170 + number * 80,
        text: Array.from(
          { length: 20 },
          (_, line) => `${id} says line ${number}-${line} with some words behind it`,
        ).join('\n'),
        lines: 20,
        leftOut: 0,
      })),
    ),
  };
}

function testOf(file: string, index: number, number: number): TestModel {
  const isFailed = index % 10 === 3 && number === 7;
  const fromMs = index * 1_000 + 100 + number * 80;
  return {
    id: `${file}:${number + 1}`,
    name: `does ${number}`,
    fromMs,
    toMs: fromMs + 70,
    outcome: isFailed ? 'failed' : 'passed',
    attempts: 1,
    facts: isFailed
      ? ['queue "tasks" is empty and its consumer lives', 'worker "ops" was ready all the time']
      : [],
    failures: isFailed
      ? [
          {
            title: 'Exceeded timeout of 70 ms',
            text: 'Exceeded timeout of 70 ms\n  worker "ops": ready',
            place: { file: `/shop/${file}`, line: 3 },
          },
        ]
      : [],
  };
}
