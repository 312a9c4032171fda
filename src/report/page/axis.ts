import { describeMs } from '../summary/describe-time.ts';
import type { Lane, Piece } from '../view/lay-lanes.ts';
import { moved, type TimeWindow, ticksOf, zoom } from '../view/time-window.ts';
import { AxisPaint } from './axis-paint.ts';
import { button, element } from './element.ts';
import { buildLegend } from './legend.ts';

const laneHeight = 24;
const rulerHeight = 22;
const labelWidth = 150;
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
  readonly #paint: AxisPaint | undefined;
  readonly #context: CanvasRenderingContext2D | null;
  #window: TimeWindow;
  #selected: TimeWindow | undefined;
  #frame = 0;

  constructor(options: AxisOptions) {
    const { lanes, durationMs } = options;
    this.#options = options;
    this.#window = { fromMs: 0, toMs: Math.max(1, durationMs) };
    this.#context = this.#canvas.getContext('2d');
    this.#paint = this.#context ? new AxisPaint(this.#context) : undefined;
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
      element('div', { class: 'axis-head' }, [element('h2', {}, 'The run'), controls, buildLegend()]),
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
    this.#paint?.forget();
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
        else this.#zoom(event.deltaY > 0 ? 1.25 : 0.8, this.#timeAt(event.offsetX));
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
    const context = this.#context;
    const paint = this.#paint;
    const { clientWidth, clientHeight, scrollTop } = this.#scroller;
    if (!context || !paint || clientWidth === 0) return;
    const scale = devicePixelRatio || 1;
    this.#canvas.width = clientWidth * scale;
    this.#canvas.height = clientHeight * scale;
    this.#canvas.style.width = `${clientWidth}px`;
    this.#canvas.style.height = `${clientHeight}px`;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, clientWidth, clientHeight);
    if (this.#selected) this.#drawSelected(context, paint, clientHeight);
    this.#drawRuler(context, paint, clientWidth, clientHeight);
    const first = Math.max(0, Math.floor(scrollTop / laneHeight));
    const last = Math.ceil((scrollTop + clientHeight) / laneHeight);
    context.save();
    context.beginPath();
    context.rect(0, rulerHeight, clientWidth, clientHeight - rulerHeight);
    context.clip();
    for (const [index, lane] of this.#options.lanes.slice(first, last).entries())
      this.#drawLane(
        context,
        paint,
        lane,
        rulerHeight + (first + index) * laneHeight - scrollTop,
        clientWidth,
      );
    context.restore();
  }

  #drawLane(context: CanvasRenderingContext2D, paint: AxisPaint, lane: Lane, y: number, width: number): void {
    context.fillStyle = paint.colour('--line');
    context.fillRect(0, y + laneHeight - 1, width, 1);
    context.save();
    context.beginPath();
    context.rect(labelWidth, y, width - labelWidth, laneHeight);
    context.clip();
    for (const piece of lane.pieces) {
      const x = this.#xAt(piece.fromMs);
      const end = this.#xAt(piece.toMs);
      if (end < labelWidth - 6 || x > width) continue;
      const from = Math.max(labelWidth - 8, x);
      paint.piece(piece, from, y, Math.min(width + 8, end) - from, laneHeight);
    }
    context.restore();
    context.fillStyle = paint.colour('--text');
    context.font = `${lane.kind === 'worker' ? '600 ' : ''}12px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.fillText(shortened(context, lane.name, labelWidth - 12), 4, y + laneHeight / 2);
  }

  #drawRuler(context: CanvasRenderingContext2D, paint: AxisPaint, width: number, height: number): void {
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const { atMs, label } of ticksOf(this.#window, width - labelWidth)) {
      const x = this.#xAt(atMs);
      context.fillStyle = paint.colour('--line');
      context.fillRect(x, rulerHeight - 4, 1, height);
      context.fillStyle = paint.colour('--soft');
      context.fillText(label, x + 3, rulerHeight / 2);
    }
  }

  #drawSelected(context: CanvasRenderingContext2D, paint: AxisPaint, height: number): void {
    if (!this.#selected) return;
    const x = Math.max(labelWidth, this.#xAt(this.#selected.fromMs));
    const width = Math.max(3, this.#xAt(this.#selected.toMs) - x);
    context.fillStyle = paint.colour('--select');
    context.fillRect(x, 0, width, height);
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
      ({ fromMs, toMs }) => this.#xAt(fromMs) - nearPx <= offsetX && this.#xAt(toMs) + nearPx >= offsetX,
    );
  }

  #xAt(atMs: number): number {
    const { fromMs, toMs } = this.#window;
    return labelWidth + ((atMs - fromMs) / (toMs - fromMs)) * (this.#scroller.clientWidth - labelWidth);
  }

  #timeAt(x: number): number {
    const { fromMs, toMs } = this.#window;
    return (
      fromMs + ((x - labelWidth) / Math.max(1, this.#scroller.clientWidth - labelWidth)) * (toMs - fromMs)
    );
  }
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}
