import type { RunModel } from '../model.ts';
import type { Entry } from './find-tests.ts';
import { listRows } from './list-rows.ts';
import type { Row } from './row.ts';

/** A test or a file as it is pasted into an issue. */
export function entryAsText(model: RunModel, { file, test }: Entry): string {
  const { failures, outcome } = test ?? file;
  const facts = test?.facts.map(fact => `- ${fact}`) ?? [];
  const rows = test ? listRows(model, test).map(rowAsText) : [];
  return [
    `${outcome.toUpperCase()} ${file.path}${test ? ` › ${test.name}` : ''}`,
    ...facts,
    ...failures.flatMap(({ text }) => ['', text]),
    ...(rows.length === 0 ? [] : ['', 'What happened meanwhile:', ...rows]),
    '',
  ].join('\n');
}

function rowAsText({ atMs, isAbout, who, text }: Row): string {
  return `${describeMoment(atMs, isAbout)}  ${who}  ${text}`;
}

/** Seconds since the run began; of a log line no more is known than between which moments it was written. */
export function describeMoment(atMs: number, isAbout: boolean): string {
  return `${isAbout ? '~' : ' '}${(atMs / 1_000).toFixed(isAbout ? 1 : 3)} s`;
}
