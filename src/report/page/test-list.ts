import type { RunModel } from '../model.ts';
import { countOf, describeMs } from '../summary/describe-time.ts';
import { type Entry, findTests, type OutcomeFilter } from '../view/find-tests.ts';
import { element } from './element.ts';
import { VirtualList } from './virtual-list.ts';

const filters: readonly OutcomeFilter[] = ['all', 'failed', 'passed', 'skipped'];
const signs = { passed: '✓', failed: '✕', skipped: '○', 'cut off': '✂' } as const;
const settleMs = 80;

/** Files and tests, to be searched and chosen. */
export class TestList {
  readonly root: HTMLElement;
  readonly search = element('input', {
    type: 'search',
    placeholder: 'Search tests, failures, log lines',
    'aria-label': 'Search tests, failures and log lines',
  });
  readonly #model: RunModel;
  readonly #list: VirtualList<Entry>;
  readonly #filter = element(
    'select',
    { 'aria-label': 'Outcome' },
    filters.map(filter => element('option', { value: filter }, filter)),
  );
  readonly #status = element('span', { class: 'status', role: 'status' });
  /** It stays chosen when the list is searched anew. */
  #chosen: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(model: RunModel, onChoose: (entry: Entry) => void) {
    this.#model = model;
    this.#list = new VirtualList<Entry>({
      label: 'Tests',
      rowHeight: 26,
      render: renderEntry,
      onChoose: entry => {
        this.#chosen = entry.id;
        onChoose(entry);
      },
    });
    this.search.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#find(), settleMs);
    });
    this.#filter.addEventListener('change', () => this.#find());
    this.root = element('nav', { class: 'tests', 'aria-label': 'Tests' }, [
      element('div', { class: 'controls' }, [this.search, this.#filter, this.#status]),
      this.#list.root,
    ]);
    this.#find();
  }

  get entries(): readonly Entry[] {
    return this.#list.items;
  }

  /** Marks it; what was filtered out comes back for it. */
  select(id: string | undefined): Entry | undefined {
    this.#chosen = id;
    if (id === undefined) {
      this.#list.activate(-1);
      return undefined;
    }
    if (!this.#activate(id)) {
      this.search.value = '';
      this.#filter.value = 'all';
      this.#find();
      this.#activate(id);
    }
    return this.entries.find(entry => entry.id === id);
  }

  #activate(id: string): boolean {
    const index = this.entries.findIndex(entry => entry.id === id);
    this.#list.activate(index);
    return index >= 0;
  }

  #find(): void {
    const found = findTests(this.#model, this.#filter.value as OutcomeFilter, this.search.value);
    this.#list.show(found);
    if (this.#chosen !== undefined) this.#activate(this.#chosen);
    this.#status.textContent = countOf(found.filter(({ isHeading }) => !isHeading).length, 'test');
  }
}

function renderEntry({ file, test, isHeading }: Entry): HTMLElement {
  const { outcome, fromMs, toMs } = test ?? file;
  const name = test?.name ?? `${file.path}${file.shard === undefined ? '' : ` (${file.shard})`}`;
  return element(
    'div',
    { class: `entry ${isHeading ? 'heading' : ''} ${outcome.replace(' ', '-')}`, title: name },
    [
      element('span', { class: 'sign', 'aria-label': outcome, role: 'img' }, signs[outcome]),
      element('span', { class: 'name' }, name),
      element('span', { class: 'took' }, describeMs(toMs - fromMs)),
    ],
  );
}
