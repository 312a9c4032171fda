import type { Lane } from '../view/lay-lanes.ts';
import { type TimeWindow, ticksOf } from '../view/time-window.ts';
import { type AxisGeometry, labelWidth, laneHeight, rulerHeight, xAt } from './axis-geometry.ts';
import { AxisPaint } from './axis-paint.ts';

/** The part of the axis that is visible. */
export interface AxisView extends AxisGeometry {
  readonly height: number;
  readonly scrollTop: number;
}

/** Draws the visible lanes. */
export class AxisDrawing {
  readonly #context: CanvasRenderingContext2D;
  readonly #paint: AxisPaint;

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
    this.#paint = new AxisPaint(context);
  }

  forgetColours(): void {
    this.#paint.forget();
  }

  draw(lanes: readonly Lane[], selected: TimeWindow | undefined, view: AxisView): void {
    const context = this.#context;
    const { width, height, scrollTop } = view;
    this.#clear(view);
    if (selected) this.#drawSelected(selected, view);
    this.#drawRuler(view);
    const first = Math.max(0, Math.floor(scrollTop / laneHeight));
    const last = Math.ceil((scrollTop + height) / laneHeight);
    context.save();
    context.beginPath();
    context.rect(0, rulerHeight, width, height - rulerHeight);
    context.clip();
    for (const [index, lane] of lanes.slice(first, last).entries())
      this.#drawLane(lane, rulerHeight + (first + index) * laneHeight - scrollTop, view);
    context.restore();
  }

  #clear({ width, height }: AxisView): void {
    const { canvas } = this.#context;
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  #drawLane(lane: Lane, y: number, view: AxisView): void {
    const context = this.#context;
    const { width } = view;
    context.fillStyle = this.#paint.colour('--line');
    context.fillRect(0, y + laneHeight - 1, width, 1);
    context.save();
    context.beginPath();
    context.rect(labelWidth, y, width - labelWidth, laneHeight);
    context.clip();
    for (const piece of lane.pieces) {
      const x = xAt(view, piece.fromMs);
      const end = xAt(view, piece.toMs);
      if (end < labelWidth - 6 || x > width) continue;
      const from = Math.max(labelWidth - 8, x);
      this.#paint.piece(piece, from, y, Math.min(width + 8, end) - from, laneHeight);
    }
    context.restore();
    context.fillStyle = this.#paint.colour('--text');
    context.font = `${lane.kind === 'worker' ? '600 ' : ''}12px system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.fillText(shortened(context, lane.name, labelWidth - 12), 4, y + laneHeight / 2);
  }

  #drawRuler(view: AxisView): void {
    const context = this.#context;
    context.font = '11px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const { atMs, label } of ticksOf(view.window, view.width - labelWidth)) {
      const x = xAt(view, atMs);
      context.fillStyle = this.#paint.colour('--line');
      context.fillRect(x, rulerHeight - 4, 1, view.height);
      context.fillStyle = this.#paint.colour('--soft');
      context.fillText(label, x + 3, rulerHeight / 2);
    }
  }

  #drawSelected({ fromMs, toMs }: TimeWindow, view: AxisView): void {
    const x = Math.max(labelWidth, xAt(view, fromMs));
    const width = Math.max(3, xAt(view, toMs) - x);
    this.#context.fillStyle = this.#paint.colour('--select');
    this.#context.fillRect(x, 0, width, view.height);
  }
}

function shortened(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length -= 1;
  return `${text.slice(0, length)}…`;
}
