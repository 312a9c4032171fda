import { describeSlowPattern, findMatch } from '../logs/find-match.ts';
import { stripColours } from '../logs/strip-colours.ts';
import type { PatternSource, ProbeSpecOf } from '../options/probe-options.ts';
import { fatal, type Probe, pending, ready } from './probe.ts';
import type { LogReader, ProbeContext } from './probe-context.ts';

const longestText = 1024 * 1024;
const keptOfLongText = 64 * 1024;
const chunksAtOnce = 8;
/** Once may be the machine's fault. */
const slowAtMost = 2;

/** Ready when the output holds the pattern, in however many chunks it was written; colours are taken out first. */
export function logProbe(spec: ProbeSpecOf<'log'>, openLog: ProbeContext['openLog']): Probe {
  const pattern = typeof spec.pattern === 'string' ? spec.pattern : toRegExp(spec.pattern);
  const streams = spec.stream === 'both' ? (['stdout', 'stderr'] as const) : [spec.stream];
  const texts = streams.map(stream => new RollingText(openLog(stream)));
  return {
    description: `${spec.stream === 'both' ? 'output' : spec.stream} holds ${typeof pattern === 'string' ? `"${pattern}"` : pattern}`,
    async check() {
      if (texts.some(text => text.find(pattern))) return ready;
      if (typeof pattern !== 'string' && texts.some(({ slowTimes }) => slowTimes >= slowAtMost))
        return fatal(describeSlowPattern(pattern));
      const notes = texts.flatMap(({ note }) => (note === undefined ? [] : [note]));
      return pending(['it has not been written yet', ...notes].join('; '));
    },
  };
}

/** The end of an output: all of it at first, a window of 64 KiB to 1 MiB that moves along when there is much. */
class RollingText {
  readonly #log: LogReader;
  #text = '';
  #isFound = false;
  #slowTimes = 0;
  #note: string | undefined;

  constructor(log: LogReader) {
    this.#log = log;
  }

  /** What happened to the log, if it was anything that loses text. */
  get note(): string | undefined {
    return this.#note;
  }

  /** How often in a row the pattern was given up. */
  get slowTimes(): number {
    return this.#slowTimes;
  }

  find(pattern: string | RegExp): boolean {
    if (this.#slowTimes > 0) this.#search(pattern);
    for (let count = 0; count < chunksAtOnce && !this.#isFound && this.#slowTimes === 0; count += 1) {
      const chunk = this.#log.next();
      if (chunk === undefined) break;
      if ('note' in chunk) {
        this.#note = chunk.note;
        this.#text = '';
      } else {
        this.#text += chunk.text;
        this.#search(pattern);
      }
    }
    return this.#isFound;
  }

  /** Text that a pattern was given up on is kept to be looked at again. */
  #search(pattern: string | RegExp): void {
    const result = holds(stripColours(this.#text), pattern);
    this.#slowTimes = result === 'too slow' ? this.#slowTimes + 1 : 0;
    this.#isFound = result === true;
    if (result === false) this.#shorten();
  }

  /** The window begins with a line break, lest `^` takes its beginning for that of the output. */
  #shorten(): void {
    if (this.#text.length <= longestText) return;
    const end = this.#text.slice(-keptOfLongText);
    this.#text = `\n${end.slice(end.indexOf('\n') + 1)}`;
  }
}

/** Without the flags that make a RegExp remember where it stopped. */
function toRegExp({ source, flags }: PatternSource): RegExp {
  return new RegExp(source, flags.replace(/[gy]/g, ''));
}

function holds(text: string, pattern: string | RegExp): boolean | 'too slow' {
  if (typeof pattern === 'string') return text.includes(pattern);
  const found = findMatch(pattern, [text]);
  return found === 'too slow' ? found : found === 0;
}
