import { element } from './element.ts';

/** Rows beyond the visible ones, on each side. */
const spare = 12;
/** No browser lays out an element of more than some 17 million pixels. */
const highest = 8_000_000;

export interface VirtualListOptions<Item> {
  readonly label: string;
  readonly rowHeight: number;
  readonly render: (item: Item, index: number) => HTMLElement;
  /** Where rows can be chosen. */
  readonly onChoose?: (item: Item, index: number) => void;
}

/** A list of any length, of which only the visible rows are in the page. */
export class VirtualList<Item> {
  readonly root: HTMLElement;
  readonly #options: VirtualListOptions<Item>;
  readonly #spacer = element('div', { class: 'spacer' });
  #items: readonly Item[] = [];
  #active = -1;
  #frame = 0;
  #shown = '';

  constructor(options: VirtualListOptions<Item>) {
    this.#options = options;
    const role = options.onChoose ? 'listbox' : 'list';
    this.root = element('div', { class: 'list', role, tabindex: 0, 'aria-label': options.label }, [
      this.#spacer,
    ]);
    if (!options.onChoose) this.#spacer.setAttribute('role', 'presentation');
    this.root.addEventListener('scroll', () => this.#schedule(), { passive: true });
    this.root.addEventListener('keydown', event => this.#onKey(event));
    this.root.addEventListener('click', event => this.#onClick(event));
    new ResizeObserver(() => this.#schedule()).observe(this.root);
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  show(items: readonly Item[]): void {
    this.#items = items;
    this.#active = -1;
    const height = Math.min(highest, Math.max(1, items.length) * this.#options.rowHeight);
    this.#spacer.style.height = `${height}px`;
    // A short list leaves no hole behind it; the width of a scroll bar is room enough.
    this.root.style.maxHeight = `${height + 20}px`;
    this.#shown = '';
    this.#draw();
  }

  /** Marks a row, and brings it into view. */
  activate(index: number): void {
    this.#active = index;
    this.#shown = '';
    if (index >= 0) this.reveal(index);
    this.#draw();
  }

  reveal(index: number): void {
    const { rowHeight } = this.#options;
    const top = index * rowHeight;
    const { scrollTop, clientHeight } = this.root;
    if (top < scrollTop) this.root.scrollTop = top;
    else if (top + rowHeight > scrollTop + clientHeight) this.root.scrollTop = top + rowHeight - clientHeight;
  }

  /** On paper everything is visible; no more than so many. */
  expand(most: number): () => void {
    const rows = this.#items.slice(0, most).map((item, index) => this.#row(item, index));
    const { height } = this.#spacer.style;
    this.#spacer.style.height = 'auto';
    this.#spacer.replaceChildren(...rows);
    return () => {
      this.#spacer.style.height = height;
      this.#shown = '';
      this.#draw();
    };
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { rowHeight } = this.#options;
    const first = Math.max(0, Math.floor(this.root.scrollTop / rowHeight) - spare);
    const count = Math.ceil(Math.max(200, this.root.clientHeight) / rowHeight) + 2 * spare;
    const last = Math.min(this.#items.length, first + count);
    if (this.#shown === `${first} ${last}`) return;
    this.#shown = `${first} ${last}`;
    const rows = this.#items.slice(first, last).map((item, index) => {
      const row = this.#row(item, first + index);
      row.style.transform = `translateY(${(first + index) * rowHeight}px)`;
      return row;
    });
    this.#spacer.replaceChildren(...rows);
  }

  #row(item: Item, index: number): HTMLElement {
    const row = this.#options.render(item, index);
    const isChosen = index === this.#active;
    row.classList.add('row');
    row.dataset.index = String(index);
    row.setAttribute('role', this.#options.onChoose ? 'option' : 'listitem');
    row.setAttribute('aria-setsize', String(this.#items.length));
    row.setAttribute('aria-posinset', String(index + 1));
    if (!this.#options.onChoose) return row;
    row.id = `option-${index}`;
    row.setAttribute('aria-selected', String(isChosen));
    if (isChosen) this.root.setAttribute('aria-activedescendant', row.id);
    return row;
  }

  #onClick({ target }: MouseEvent): void {
    const index = Number((target as Element | null)?.closest<HTMLElement>('.row')?.dataset.index ?? -1);
    if (this.#options.onChoose && this.#items[index] !== undefined) this.#choose(index);
  }

  #onKey(event: KeyboardEvent): void {
    if (!this.#options.onChoose) return;
    const index = this.#target(event.key);
    if (index === undefined || this.#items.length === 0) return;
    event.preventDefault();
    this.#choose(Math.min(this.#items.length - 1, Math.max(0, index)));
  }

  #target(key: string): number | undefined {
    if (key === 'ArrowDown') return this.#active + 1;
    if (key === 'ArrowUp') return this.#active - 1;
    if (key === 'Home') return 0;
    if (key === 'End') return this.#items.length - 1;
    return undefined;
  }

  #choose(index: number): void {
    const item = this.#items[index];
    if (item === undefined) return;
    this.activate(index);
    this.#options.onChoose?.(item, index);
  }
}
