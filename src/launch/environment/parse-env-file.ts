import { parse } from 'dotenv';

/** A variable as the file has it, before references are expanded. */
export interface EnvFileVariable {
  readonly name: string;
  readonly value: string;
  readonly line: number;
  /** The quote around its value; none of the references between single quotes is filled in. */
  readonly quote?: EnvFileQuote | undefined;
}

type EnvFileQuote = "'" | '"' | '`';

/** What is wrong with a line. Never holds any part of a value. */
export interface EnvFileMistake {
  readonly line: number;
  readonly what: string;
}

// dotenv/lib/main.js: the one pattern dotenv reads a file with. It tells no positions, so they are found with the same pattern.
const assignment =
  /(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/dgm;

/** The variables `dotenv.parse` finds, each with its line, and every line that it would skip or misread without a word. */
export function parseEnvFile(source: string): {
  readonly variables: readonly EnvFileVariable[];
  readonly mistakes: readonly EnvFileMistake[];
} {
  const text = source.replace(/\r\n?/g, '\n');
  const blanks = findBlankRun(text);
  if (blanks !== undefined) return { variables: [], mistakes: [blanks] };
  const values = parse(text);
  const lineAt = lineCounter(text);
  const places = new Map<string, Pick<EnvFileVariable, 'line' | 'quote'>>();
  const mistakes: EnvFileMistake[] = [];
  let end = 0;
  for (const match of text.matchAll(assignment)) {
    for (const mistake of findSkipped(text.slice(end, match.index), lineAt(end))) mistakes.push(mistake);
    const name = match[1] ?? '';
    const line = lineAt(match.indices?.[1]?.[0] ?? match.index);
    if (isUnclosed(match[2]))
      mistakes.push({ line, what: `${name}: the quote around its value is never closed` });
    if (!Object.hasOwn(values, name))
      mistakes.push({ line, what: `${name} cannot be the name of a variable` });
    if (isCutOff(match))
      mistakes.push({
        line,
        what: `${name}: a "#" without a space before it ends its value; put the value in quotes, or a space before a comment`,
      });
    places.set(name, { line, quote: quoteAround(match[2]) });
    end = match.index + match[0].length;
  }
  for (const mistake of findSkipped(text.slice(end), lineAt(end))) mistakes.push(mistake);
  const variables = Object.entries(values).map(([name, value]) => ({
    name,
    value,
    line: 0,
    ...places.get(name),
  }));
  return { variables, mistakes };
}

/** dotenv needs time in the square of the blank lines in a row: minutes for a file of 256 KiB. */
function findBlankRun(text: string): EnvFileMistake | undefined {
  for (const run of text.matchAll(/\s+/g)) {
    const breaks = run[0].replace(/[^\n\u2028\u2029]/g, '').length;
    if (breaks > 1000) return { line: lineCounter(text)(run.index), what: `${breaks} blank lines in a row` };
  }
  return undefined;
}

/** As dotenv takes quotes away. */
function quoteAround(raw = ''): EnvFileQuote | undefined {
  return /^(['"`])[\s\S]*\1$/.exec(raw.trim())?.[1] as EnvFileQuote | undefined;
}

/**
 * `PASS=ab#cd` and `COLOUR=#fff`: other parsers take the "#" for a part of the value, dotenv drops it without a word. Behind a
 * closed quote it begins a comment to all of them; `PASS="ab"#cd"` was meant to go on.
 */
function isCutOff({ 0: whole, 2: raw = '', index, indices }: RegExpExecArray): boolean {
  const quote = quoteAround(raw);
  if (quote === undefined) return /\S#/.test(whole.slice(0, whole.indexOf('#') + 1));
  const behind = whole.slice((indices?.[2]?.[1] ?? index) - index);
  return behind.startsWith('#') && behind.includes(quote);
}

function isUnclosed(raw: string | undefined): boolean {
  const value = raw?.trim() ?? '';
  const quote = value[0] ?? '';
  if (!['"', "'", '`'].includes(quote)) return false;
  return value.length === 1 || !(value.endsWith(quote) || value.slice(1).replace(/\\./g, '').includes(quote));
}

function findSkipped(between: string, firstLine: number): readonly EnvFileMistake[] {
  return between
    .split('\n')
    .map((text, index) => ({ line: firstLine + index, text: text.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ line, text }) => ({ line, what: describeSkipped(text) }));
}

/** A name is only told when it can be no part of a secret that was broken over lines. */
function describeSkipped(text: string): string {
  const name = /^([\p{L}\w .-]{1,64})=/u.exec(text)?.[1]?.trim();
  if (name !== undefined) return `"${name}" cannot be the name of a variable`;
  return `no assignment NAME=value on the line (${text.length} characters)`;
}

/** Counts on from the last question, so the indices must not fall. */
function lineCounter(text: string): (index: number) => number {
  let [at, line] = [0, 1];
  return index => {
    for (; at < index; at += 1) if (text[at] === '\n') line += 1;
    return line;
  };
}
