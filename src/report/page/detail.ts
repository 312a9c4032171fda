import type { FailureModel, RunModel } from '../model.ts';
import { describeMs } from '../summary/describe-time.ts';
import { describeMoment, entryAsText } from '../view/entry-as-text.ts';
import type { Entry } from '../view/find-tests.ts';
import { listRows } from '../view/list-rows.ts';
import type { Row } from '../view/row.ts';
import { copyText } from './copy-text.ts';
import { button, element } from './element.ts';
import { VirtualList } from './virtual-list.ts';
import { describeWorkers } from './worker-facts.ts';

const longestLine = 2_000;
const rowHeight = 20;

/** What happened: in the run, or around the chosen test with its failure beside it. */
export class Detail {
  readonly root = element('section', { class: 'detail', 'aria-label': 'What happened', tabindex: -1 });
  readonly #model: RunModel;
  readonly #rows = new VirtualList<Row>({ label: 'What happened, in order', rowHeight, render: renderRow });
  #all: readonly Row[] = [];

  constructor(model: RunModel) {
    this.#model = model;
    this.show(undefined);
  }

  show(entry: Entry | undefined): void {
    this.#all =
      entry && !entry.test
        ? listRows({ ...this.#model, ...onlyFile(this.#model, entry) })
        : listRows(this.#model, entry?.test);
    const rows = this.#buildRows(entry);
    this.root.replaceChildren(
      ...(entry ? this.#buildEntry(entry, rows) : [element('h2', {}, 'Everything that happened'), rows]),
    );
    this.#rows.show(this.#all);
  }

  expand(most: number): () => void {
    return this.#rows.expand(most);
  }

  #buildEntry(entry: Entry, rows: HTMLElement): readonly HTMLElement[] {
    const { file, test } = entry;
    const { outcome, fromMs, toMs, failures } = test ?? file;
    const workers = this.#model.workers.filter(({ id }) => file.workers.includes(id));
    const copied = element('span', { role: 'status', class: 'status' });
    const attempts = test && test.attempts > 1 ? `, ${test.attempts} attempts` : '';
    return [
      element('div', { class: 'detail-head' }, [
        element('h2', {}, [
          element('span', { class: `badge ${outcome.replace(' ', '-')}` }, outcome),
          new Text(` ${test?.name ?? file.path}`),
        ]),
        element(
          'p',
          { class: 'sub' },
          `${file.path} · began at ${describeMoment(fromMs, false).trim()} · took ${describeMs(toMs - fromMs)}${attempts}`,
        ),
        element('div', { class: 'controls' }, [
          button(
            'Copy as text',
            () => void copyText(entryAsText(this.#model, entry)).then(told => copied.replaceChildren(told)),
          ),
          element('a', { href: `#test=${entry.id}`, class: 'link' }, 'Link to this'),
          copied,
        ]),
      ]),
      ...(test && test.facts.length > 0
        ? [
            element(
              'ul',
              { class: 'facts' },
              test.facts.map(fact => element('li', {}, fact)),
            ),
          ]
        : []),
      element('div', { class: failures.length > 0 ? 'beside' : 'alone' }, [
        ...(failures.length > 0 ? [element('div', { class: 'failures' }, failures.map(renderFailure))] : []),
        rows,
      ]),
      describeWorkers(workers),
    ];
  }

  #buildRows(entry: Entry | undefined): HTMLElement {
    const input = element('input', {
      type: 'search',
      placeholder: 'Filter these lines',
      'aria-label': 'Filter these lines',
    });
    const count = element('span', { class: 'status', role: 'status' }, `${this.#all.length} lines`);
    const kinds = entry ? 'lines' : 'lines of the run';
    input.addEventListener('input', () => {
      const wanted = input.value.toLowerCase();
      const found = this.#all.filter(({ who, text }) => `${who} ${text}`.toLowerCase().includes(wanted));
      this.#rows.show(found);
      count.textContent =
        wanted === '' ? `${found.length} ${kinds}` : `${found.length} of ${this.#all.length} ${kinds}`;
    });
    return element('div', { class: 'rows' }, [
      element('div', { class: 'controls' }, [input, count]),
      this.#rows.root,
    ]);
  }
}

function onlyFile(
  { files, workers, logs, spans = [] }: RunModel,
  { file }: Entry,
): Pick<RunModel, 'files' | 'workers' | 'logs' | 'spans'> {
  const used = workers.filter(({ id }) => file.workers.includes(id));
  const ids = new Set(used.map(({ id }) => id));
  const tests = new Set(file.tests.map(({ id }) => id));
  const isOf = (worker: string, test: string | undefined) =>
    ids.has(worker) && (test === undefined || tests.has(test));
  return {
    files: files.filter(({ id }) => id === file.id),
    workers: used,
    logs: logs.filter(({ worker, test }) => isOf(worker, test)),
    spans: spans.filter(({ worker, test }) => isOf(worker, test)),
  };
}

function renderRow({ atMs, isAbout, kind, who, text, isBad }: Row): HTMLElement {
  const line = text.length > longestLine ? `${text.slice(0, longestLine)}…` : text;
  return element(
    'div',
    {
      class: `event ${kind}${isBad ? ' bad' : ''}`,
      title: isAbout ? `A log line, written about then: ${line}` : line,
    },
    [
      element('span', { class: 'at' }, describeMoment(atMs, isAbout)),
      element('span', { class: 'who' }, who),
      element('span', { class: 'text' }, isBad ? `▼ ${line}` : line),
    ],
  );
}

function renderWords(name: string, words: string | undefined): readonly HTMLElement[] {
  if (words === undefined) return [];
  return [element('p', { class: 'cause' }, [element('strong', {}, `${name}: `), new Text(words)])];
}

function renderFailure({ text, place, hook, cause, change }: FailureModel): HTMLElement {
  const where = place ? `${place.file}:${place.line}` : '';
  return element('article', { class: 'failure' }, [
    element('h3', {}, hook === undefined ? 'The failure' : `${hook} failed`),
    ...(where === '' ? [] : [element('p', { class: 'place' }, where)]),
    ...renderWords('Cause', cause),
    ...renderWords('Change', change),
    element('pre', { tabindex: 0 }, text),
  ]);
}
