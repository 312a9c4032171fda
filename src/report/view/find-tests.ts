import type { FileModel, RunModel, TestModel } from '../model.ts';
import { describeSpan } from './span-rows.ts';

export type OutcomeFilter = 'all' | 'failed' | 'passed' | 'skipped';

/** What can be chosen: a test, or a file that failed without one. */
export interface Entry {
  readonly id: string;
  readonly file: FileModel;
  readonly test?: TestModel;
  /** Of a file, above its tests. */
  readonly isHeading: boolean;
}

/** The tests that match, under their files; those that failed first. @param words all must occur in the test, its file, its failure, its log lines or its spans */
export function findTests(model: RunModel, filter: OutcomeFilter, words: string): readonly Entry[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  const logs = wanted.length === 0 ? new Map<string, string>() : wordsByTest(model);
  const files = [...model.files].sort((one, other) => rank(one) - rank(other));
  return files.flatMap(file => {
    const tests = file.tests.filter(
      test => isWanted(test, filter) && matches(wanted, textOf(file, test, logs)),
    );
    const isFound =
      tests.length > 0 ||
      (file.failures.length > 0 && isWanted(file, filter) && matches(wanted, textOf(file, undefined, logs)));
    if (!isFound) return [];
    return [
      { id: file.id, file, isHeading: true },
      ...tests.map(test => ({ id: test.id, file, test, isHeading: false })),
    ];
  });
}

function rank({ outcome }: FileModel): number {
  return outcome === 'failed' ? 0 : outcome === 'cut off' ? 1 : 2;
}

function isWanted({ outcome }: Pick<TestModel, 'outcome'>, filter: OutcomeFilter): boolean {
  if (filter === 'all') return true;
  return filter === 'failed' ? outcome === 'failed' || outcome === 'cut off' : outcome === filter;
}

function matches(words: readonly string[], text: string): boolean {
  return words.every(word => text.includes(word));
}

function textOf(file: FileModel, test: TestModel | undefined, logs: ReadonlyMap<string, string>): string {
  const failures = (test ?? file).failures.map(({ text }) => text).join('\n');
  return `${file.path}\n${test?.name ?? ''}\n${failures}\n${logs.get(test?.id ?? '') ?? ''}`.toLowerCase();
}

function wordsByTest({ logs, spans = [] }: RunModel): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { test, text } of logs)
    if (test !== undefined) texts.set(test, `${texts.get(test) ?? ''}\n${text}`);
  for (const span of spans)
    if (span.test !== undefined) texts.set(span.test, `${texts.get(span.test) ?? ''}\n${describeSpan(span)}`);
  return texts;
}
