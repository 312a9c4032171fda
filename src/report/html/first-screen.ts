import type { FailureModel, FileModel, RunModel, TestModel } from '../model.ts';
import { describeOutcome, describeSaving, describeWaits } from '../summary/describe-run.ts';
import { countOf, describeMs } from '../summary/describe-time.ts';
import { failuresOf, type RunSummary, summarize } from '../summary/summarize.ts';
import { type Html, html } from './escape-html.ts';

/** More of them are in the data. */
const shownInFull = 25;
const shownAtAll = 300;
const longestText = 6_000;

/** What a reader sees without a script: which files failed and why, and how long the run waited for its workers. */
export function firstScreen(model: RunModel): Html {
  const summary = summarize(model);
  const failed = summary.failedFiles;
  return html`<header class="head ${failed.length > 0 ? 'bad' : 'good'}">
<h1>${describeOutcome(summary)}</h1>
<p class="sub">${describeRun(model)}</p>
</header>
<section id="summary" aria-label="Summary">
${failed.length === 0 ? [] : whyFailed(failed, failed.length)}
<section class="waits"><h2>Waiting for workers</h2>
<p>${describeWaits(summary, model)}</p>
${describeAdvice(summary)}
</section>
${model.notes.length === 0 ? [] : [html`<section class="notes"><h2>About this report</h2><ul>${model.notes.map(note => html`<li>${note}</li>`)}</ul></section>`]}
</section>`;
}

function describeRun({ title, startedAtMs, durationMs, files, shards }: RunModel): string {
  const when = `${new Date(startedAtMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const parts = shards.length > 0 ? ` in ${countOf(shards.length, 'shard')}` : '';
  return `${title} · ${countOf(files.length, 'test file')}${parts} · ${describeMs(durationMs)} · ${when}`;
}

function describeAdvice(summary: RunSummary): readonly Html[] {
  const saving = describeSaving(summary);
  return saving === undefined ? [] : [html`<p class="advice"><strong>Faster:</strong> ${saving}.</p>`];
}

function whyFailed(files: readonly FileModel[], count: number): readonly Html[] {
  let shown = 0;
  const sections = files.map(file => {
    const failures = failuresOf(file);
    const items = failures.map(({ test, failure }) => {
      shown += 1;
      if (shown > shownAtAll) return html``;
      return describeFailure(file, failure, { test, isFull: shown <= shownInFull });
    });
    const cutOff = failures.length > 0 ? [] : [html`<p class="why">Jest ended before this file did.</p>`];
    return html`<section class="file" id="test=${file.id}"><h3>${file.path}${file.shard === undefined ? '' : ` (${file.shard})`}</h3>${items}${cutOff}</section>\n`;
  });
  const left =
    shown > shownAtAll
      ? [html`<p>${String(shown - shownAtAll)} more failures are in the list below.</p>`]
      : [];
  return [html`<h2>Why ${countOf(count, 'test file')} failed</h2>\n${sections}${left}`];
}

function describeFailure(
  { id, tests }: FileModel,
  failure: FailureModel,
  { test, isFull }: { readonly test: TestModel | undefined; readonly isFull: boolean },
): Html {
  const name = test?.name ?? nameOfFailure(failure);
  const target = test?.id ?? id;
  const place = failure.place ? ` · ${failure.place.file}:${failure.place.line}` : '';
  const facts =
    test && test.facts.length > 0
      ? [html`<ul class="facts">${test.facts.map(fact => html`<li>${fact}</li>`)}</ul>`]
      : [];
  const whole = isFull && failure.text.length > failure.title.length + 10;
  const text = whole
    ? [
        html`<details><summary>What Jest printed</summary><pre tabindex="0">${shorten(failure.text)}</pre></details>`,
      ]
    : [];
  return html`<article class="failure" ${test ? html`id="test=${test.id}"` : html``}>
<h4><a href="#test=${target}"><span class="mark">✕</span> ${name}</a></h4>
<p class="why">${failure.title}</p>${describeCause(failure)}${facts}
<p class="place">${test ? `after ${describeMs(test.toMs - test.fromMs)}` : tests.length === 0 ? 'before its tests' : 'before or after its tests'}${place}</p>${text}
</article>\n`;
}

/** It stands above what was seen: it is what was concluded from that. */
function describeCause({ cause, change }: FailureModel): readonly Html[] {
  return [
    ...(cause === undefined ? [] : [html`<p class="cause"><strong>Cause:</strong> ${cause}</p>`]),
    ...(change === undefined ? [] : [html`<p class="cause"><strong>Change:</strong> ${change}</p>`]),
  ];
}

function nameOfFailure({ hook }: FailureModel): string {
  return hook === undefined ? 'The test file itself' : hook;
}

function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
