import type { Piece, PieceKind } from '../view/lay-lanes.ts';

/** What a kind of piece looks like: a colour of the style sheet, a pattern, and how much of its lane it fills. */
interface Look {
  readonly colour: string;
  readonly pattern: 'solid' | 'hatched' | 'dotted' | 'outline' | 'mark';
  readonly height: number;
}

const looks: Readonly<Record<PieceKind, Look>> = {
  file: { colour: '--muted', pattern: 'outline', height: 1 },
  waiting: { colour: '--wait', pattern: 'hatched', height: 0.5 },
  passed: { colour: '--good', pattern: 'solid', height: 0.6 },
  failed: { colour: '--bad', pattern: 'solid', height: 1 },
  skipped: { colour: '--muted', pattern: 'dotted', height: 0.4 },
  starting: { colour: '--wait', pattern: 'hatched', height: 0.6 },
  ready: { colour: '--ready', pattern: 'solid', height: 0.6 },
  stopping: { colour: '--muted', pattern: 'dotted', height: 0.6 },
  ended: { colour: '--muted', pattern: 'mark', height: 0.6 },
  restarting: { colour: '--wait', pattern: 'dotted', height: 0.6 },
  span: { colour: '--span', pattern: 'solid', height: 0.5 },
  'bad-span': { colour: '--bad', pattern: 'solid', height: 0.8 },
  event: { colour: '--text', pattern: 'mark', height: 0.5 },
  'bad-event': { colour: '--bad', pattern: 'mark', height: 0.9 },
};

/** Too narrow for a sign in it. */
const narrowPx = 12;

/** Draws pieces with the colours of the page as they are now, in light or dark. */
export class AxisPaint {
  readonly #context: CanvasRenderingContext2D;
  readonly #colours = new Map<string, string>();
  readonly #patterns = new Map<string, CanvasPattern | string>();

  constructor(context: CanvasRenderingContext2D) {
    this.#context = context;
  }

  /** The scheme of the page has changed. */
  forget(): void {
    this.#colours.clear();
    this.#patterns.clear();
  }

  colour(name: string): string {
    const known = this.#colours.get(name);
    if (known !== undefined) return known;
    const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888';
    this.#colours.set(name, colour);
    return colour;
  }

  piece({ kind }: Piece, x: number, y: number, width: number, laneHeight: number): void {
    const { colour, pattern, height } = looks[kind];
    const context = this.#context;
    const tall = (laneHeight - 4) * height;
    const top = y + 2 + (laneHeight - 4 - tall) / 2;
    if (pattern === 'mark') {
      this.#mark(kind, x, top, tall);
      return;
    }
    if (pattern === 'outline') {
      context.strokeStyle = this.colour(colour);
      context.strokeRect(x + 0.5, top + 0.5, Math.max(1, width - 1), tall - 1);
      return;
    }
    context.fillStyle = pattern === 'solid' ? this.colour(colour) : this.#pattern(colour, pattern);
    context.fillRect(x, top, Math.max(2, width), tall);
    if (pattern !== 'solid' && width > 4) {
      context.strokeStyle = this.colour(colour);
      context.strokeRect(x + 0.5, top + 0.5, width - 1, tall - 1);
    }
    if (kind === 'bad-span' && width < narrowPx) this.#triangle(kind, x, top);
    else if (kind === 'failed' || kind === 'bad-span') this.#sign('✕', x, y, width, laneHeight);
  }

  #mark(kind: PieceKind, x: number, top: number, tall: number): void {
    const context = this.#context;
    context.fillStyle = this.colour(looks[kind].colour);
    context.fillRect(x - 0.5, top, kind === 'bad-event' ? 2 : 1, tall);
    if (kind === 'bad-event') this.#triangle(kind, x, top);
  }

  #triangle(kind: PieceKind, x: number, top: number): void {
    const context = this.#context;
    context.fillStyle = this.colour(looks[kind].colour);
    context.beginPath();
    context.moveTo(x - 4, top);
    context.lineTo(x + 5, top);
    context.lineTo(x + 0.5, top + 7);
    context.fill();
  }

  #sign(sign: string, x: number, y: number, width: number, laneHeight: number): void {
    if (width < narrowPx) return;
    const context = this.#context;
    context.fillStyle = this.colour('--page');
    context.font = 'bold 12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    context.fillText(sign, x + 3, y + laneHeight / 2 + 0.5);
  }

  #pattern(colour: string, kind: 'hatched' | 'dotted'): CanvasPattern | string {
    const key = `${colour} ${kind}`;
    const known = this.#patterns.get(key);
    if (known !== undefined) return known;
    const tile = document.createElement('canvas');
    tile.width = 6;
    tile.height = 6;
    const context = tile.getContext('2d');
    if (!context) return this.colour(colour);
    context.strokeStyle = this.colour(colour);
    context.fillStyle = this.colour(colour);
    context.lineWidth = 1.5;
    if (kind === 'dotted') context.fillRect(2, 2, 2, 2);
    else for (const shift of [-6, 0, 6]) drawLine(context, shift);
    const pattern = this.#context.createPattern(tile, 'repeat') ?? this.colour(colour);
    this.#patterns.set(key, pattern);
    return pattern;
  }
}

function drawLine(context: CanvasRenderingContext2D, shift: number): void {
  context.beginPath();
  context.moveTo(shift, 6);
  context.lineTo(shift + 6, 0);
  context.stroke();
}
