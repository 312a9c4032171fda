import { explainMissing } from '../../../src/worker/coverage/explain-missing.ts';

const nothing = {
  node: new Set<number>(),
  python: new Set<number>(),
  lackingPythons: [],
  measuredPythons: new Set<number>(),
};
const none = { exits: [], takes: [] };
const texts = (...of: Parameters<typeof explainMissing>) => explainMissing(...of).map(({ text }) => text);

test('explainMissing() tells of a worker none of whose processes is measured', () => {
  expect(explainMissing('ops', none, nothing)).toEqual([
    {
      text: 'no coverage of worker "ops": none of its processes was Node or Python; other languages are not measured',
      isGeneral: true,
    },
  ]);
});

test('explainMissing() tells nothing of processes that wrote, however they ended', () => {
  const exits = [
    { pid: 1, code: null, signal: 'SIGTERM', isAsked: true },
    { pid: 2, code: null, signal: 'SIGTERM', isAsked: false },
    { pid: 3, code: 0, signal: null, isAsked: false },
  ] as const;
  const written = { ...nothing, node: new Set([1]), python: new Set([2]), measuredPythons: new Set([2]) };
  expect(texts('ops', { exits, takes: [{ pid: 1 }] }, written)).toEqual([]);
});

test('explainMissing() tells nothing of a shell that a signal ended as it was asked to', () => {
  const exits = [{ pid: 1, code: null, signal: 'SIGTERM', isAsked: true }] as const;
  expect(texts('ops', { exits, takes: [{ pid: 2 }] }, { ...nothing, node: new Set([2]) })).toEqual([]);
});

test('explainMissing() tells of what a signal ended that nobody asked to end, since it last wrote', () => {
  const exits = [
    { pid: 1, code: null, signal: 'SIGKILL', isAsked: false },
    { pid: 2, code: null, signal: 'SIGSEGV', isAsked: false },
  ] as const;
  expect(texts('ops', { exits, takes: [] }, { ...nothing, node: new Set([2]) })).toEqual([
    'coverage of worker "ops": SIGKILL ended process 1, and what it ran is missing',
    'coverage of worker "ops": SIGSEGV ended process 2, and what it ran since it last wrote it is missing',
  ]);
});

test('explainMissing() tells of a Python that did not end within its grace', () => {
  const exits = [{ pid: 1, code: null, signal: 'SIGKILL', isAsked: true }] as const;
  expect(texts('ops', { exits, takes: [] }, { ...nothing, measuredPythons: new Set([1]) })).toEqual([
    'coverage of worker "ops": SIGKILL ended process 1, and what it ran is missing',
  ]);
});

test('explainMissing() tells why a Node process does not tell, unless it wrote when it exited', () => {
  const takes = [
    { pid: 1, why: 'it is gone' },
    { pid: 2, why: 'its inspector is open for a debugger' },
  ];
  expect(texts('ops', { exits: [], takes }, { ...nothing, node: new Set([2]) })).toEqual([
    'no coverage of worker "ops": its Node process 1 does not tell: it is gone',
  ]);
});

test('explainMissing() tells each Python without coverage.py how to get it, once for all files', () => {
  const written = { ...nothing, lackingPythons: ['/shop/.venv/bin/python'] };
  expect(explainMissing('ops', none, written)).toEqual([
    {
      text: 'no coverage of worker "ops": its Python has no coverage.py; install it: /shop/.venv/bin/python -m pip install coverage',
      isGeneral: true,
    },
  ]);
});
