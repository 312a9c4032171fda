import { describeMs } from '../summary/describe-time.ts';
import type { Lane, Piece } from '../view/lay-lanes.ts';
import { moved, type TimeWindow, zoom } from '../view/time-window.ts';
import { AxisDrawing } from './axis-drawing.ts';
import { type AxisGeometry, labelWidth, laneHeight, rulerHeight, timeAt, xAt } from './axis-geometry.ts';
import { button, element } from './element.ts';
import { buildLegend } from './legend.ts';

const nearPx = 3;

export interface AxisOptions {
  readonly lanes: readonly Lane[];
  readonly durationMs: number;
  readonly onChoose: (target: string) => void;
}

/** Processes and workers over time, on a canvas that draws what is visible. Everything in it stands in the lists as text, too. */
export class Axis {
  readonly root: HTMLElement;
  readonly #options: AxisOptions;
  readonly #canvas = element('canvas', { tabindex: 0, role: 'img' });
  readonly #scroller: HTMLElement;
  readonly #tip = element('div', { class: 'tip', hidden: true });
  readonly #drawing: AxisDrawing | undefined;
  #window: TimeWindow;
  #selected: TimeWindow | undefined;
  #frame = 0;

  constructor(options: AxisOptions) {
    const { lanes, durationMs } = options;
    this.#options = options;
    this.#window = { fromMs: 0, toMs: Math.max(1, durationMs) };
    const context = this.#canvas.getContext('2d');
    this.#drawing = context ? new AxisDrawing(context) : undefined;
    this.#canvas.setAttribute(
      'aria-label',
      `Time axis: ${lanes.map(({ name }) => name).join(', ')}; plus, minus and the arrows zoom and move it`,
    );
    const height = lanes.length * laneHeight + rulerHeight;
    const spacer = element('div', { class: 'axis-spacer' }, [this.#canvas]);
    spacer.style.height = `${height}px`;
    this.#scroller = element('div', { class: 'axis-scroller' }, [spacer]);
    this.#scroller.style.height = `min(${height + 2}px, 42vh)`;
    const controls = element('div', { class: 'controls', role: 'group', 'aria-label': 'Zoom' }, [
      button('−', () => this.#zoom(2), { 'aria-label': 'Zoom out', title: 'Zoom out (-)' }),
      button('+', () => this.#zoom(0.5), { 'aria-label': 'Zoom in', title: 'Zoom in (+)' }),
      button('Whole run', () => this.#look({ fromMs: 0, toMs: Math.max(1, durationMs) })),
      button('Selected test', () => this.#lookAtSelected()),
    ]);
    this.root = element('section', { class: 'axis', 'aria-label': 'Time axis' }, [
      element('div', { class: 'axis-head' }, [element('h2', {}, 'The run'), controls, buildLegend(lanes)]),
      this.#scroller,
      this.#tip,
    ]);
    this.#listen();
  }

  select(selected: TimeWindow | undefined): void {
    this.#selected = selected;
    this.#schedule();
  }

  /** The colours have changed. */
  repaint(): void {
    this.#drawing?.forgetColours();
    this.#schedule();
  }

  #listen(): void {
    new ResizeObserver(() => this.#schedule()).observe(this.#scroller);
    this.#scroller.addEventListener('scroll', () => this.#schedule(), { passive: true });
    this.#canvas.addEventListener('mousemove', event => this.#hover(event));
    this.#canvas.addEventListener('mouseleave', () => this.#hover(undefined));
    this.#canvas.addEventListener('click', event => {
      const { target } = this.#find(event) ?? {};
      if (target !== undefined) this.#options.onChoose(target);
    });
    this.#canvas.addEventListener('keydown', event => this.#onKey(event));
    this.#canvas.addEventListener(
      'wheel',
      event => {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
        event.preventDefault();
        if (event.shiftKey) this.#move((event.deltaY || event.deltaX) / 400);
        else this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(this.#geometry, event.offsetX));
      },
      { passive: false },
    );
  }

  #onKey(event: KeyboardEvent): void {
    const actions: Readonly<Record<string, () => void>> = {
      '+': () => this.#zoom(0.5),
      '-': () => this.#zoom(2),
      '0': () => this.#look({ fromMs: 0, toMs: Math.max(1, this.#options.durationMs) }),
      ArrowLeft: () => this.#move(-0.2),
      ArrowRight: () => this.#move(0.2),
    };
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  }

  #zoom(factor: number, around?: number): void {
    const { fromMs, toMs } = this.#window;
    const selected = this.#selected && (this.#selected.fromMs + this.#selected.toMs) / 2;
    const inView =
      selected !== undefined && selected >= fromMs && selected <= toMs ? selected : (fromMs + toMs) / 2;
    this.#look(zoom(this.#window, factor, around ?? inView, this.#options.durationMs));
  }

  #move(share: number): void {
    const { fromMs, toMs } = this.#window;
    this.#look(moved(this.#window, (toMs - fromMs) * share, this.#options.durationMs));
  }

  #lookAtSelected(): void {
    if (!this.#selected) return;
    const { fromMs, toMs } = this.#selected;
    const middle = (fromMs + toMs) / 2;
    const span = Math.max(20, (toMs - fromMs) * 1.5);
    this.#look(
      zoom({ fromMs: middle - span / 2, toMs: middle + span / 2 }, 1, middle, this.#options.durationMs),
    );
  }

  #look(window: TimeWindow): void {
    this.#window = window;
    this.#schedule();
  }

  #schedule(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const { clientWidth, clientHeight, scrollTop } = this.#scroller;
    if (!this.#drawing || clientWidth === 0) return;
    this.#drawing.draw(this.#options.lanes, this.#selected, {
      ...this.#geometry,
      height: clientHeight,
      scrollTop,
    });
  }

  get #geometry(): AxisGeometry {
    return { window: this.#window, width: this.#scroller.clientWidth };
  }

  #hover(event: MouseEvent | undefined): void {
    const piece = event && this.#find(event);
    this.#tip.hidden = !piece;
    this.#canvas.style.cursor = piece?.target === undefined ? 'default' : 'pointer';
    if (!piece || !event) return;
    const length = piece.toMs > piece.fromMs ? `, ${describeMs(piece.toMs - piece.fromMs)}` : '';
    this.#tip.textContent = `${piece.label} (${piece.kind} at ${(piece.fromMs / 1_000).toFixed(3)} s${length})`;
    const box = this.root.getBoundingClientRect();
    this.#tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 12, box.width - 340))}px`;
    this.#tip.style.top = `${event.clientY - box.top + 16}px`;
  }

  /** The topmost there: what is drawn last. */
  #find({ offsetX, offsetY }: MouseEvent): Piece | undefined {
    if (offsetY < rulerHeight || offsetX < labelWidth) return undefined;
    const lane =
      this.#options.lanes[Math.floor((offsetY - rulerHeight + this.#scroller.scrollTop) / laneHeight)];
    return lane?.pieces.findLast(
      ({ fromMs, toMs }) =>
        xAt(this.#geometry, fromMs) - nearPx <= offsetX && xAt(this.#geometry, toMs) + nearPx >= offsetX,
    );
  }
}
