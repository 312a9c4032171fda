import { escapeHtml } from '../html/escape-html.ts';
import type { FailureModel, FileModel, RunModel, TestModel } from '../model.ts';
import { describeOutcome, describeSaving, describeWaits } from '../summary/describe-run.ts';
import { failuresOf, summarize } from '../summary/summarize.ts';

/** GitHub takes a megabyte of a step. */
const mostFailures = 20;
const longestText = 4_000;

/** The run in GitHub's Markdown: what failed and why, and what was waited for. */
export function jobSummary(model: RunModel): string {
  const summary = summarize(model);
  const saving = describeSaving(summary);
  const failures = summary.failedFiles.flatMap(file => failuresOf(file).map(found => ({ file, ...found })));
  const more = failures.length - mostFailures;
  return [
    `### Live workers: ${markdown(describeOutcome(summary))}`,
    '',
    markdown(describeWaits(summary, model)),
    ...(saving === undefined ? [] : ['', `**Faster:** ${markdown(saving)}`]),
    ...failures.slice(0, mostFailures).flatMap(found => ['', describeFailure(found)]),
    ...(more > 0 ? ['', `${more} more failures are in the report.`] : []),
    '',
  ].join('\n');
}

function describeFailure({
  file,
  test,
  failure,
}: {
  readonly file: FileModel;
  readonly test?: TestModel;
  readonly failure: FailureModel;
}): string {
  const name = test?.name ?? failure.hook ?? 'the test file itself';
  const facts = test?.facts.map(fact => `- ${markdown(fact)}`) ?? [];
  const text = failure.text.slice(0, longestText);
  return [
    `**${markdown(file.path)} › ${markdown(name)}**`,
    '',
    markdown(failure.title),
    ...(failure.cause === undefined ? [] : ['', `**Cause:** ${markdown(failure.cause)}`]),
    ...(failure.change === undefined ? [] : ['', `**Change:** ${markdown(failure.change)}`]),
    ...(facts.length > 0 ? ['', ...facts] : []),
    '',
    `<details><summary>What Jest printed</summary><pre>${escapeHtml(text)}</pre></details>`,
  ].join('\n');
}

/** Text of which nothing is markup, neither of HTML nor of Markdown, on one line. */
function markdown(text: string): string {
  return escapeHtml(text.replace(/\s+/g, ' ')).replace(/[\\`*_{}[\]()#+\-!|~@]/g, '\\$&');
}
