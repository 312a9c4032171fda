/** What may follow the name in `${NAME…}`. */
type ReferenceOperator = ':-' | '-' | ':+' | '+' | ':?' | '?';

/** A part of a text that refers to variables. */
export type TextPart = LiteralPart | ReferencePart | BrokenPart;

interface LiteralPart {
  readonly kind: 'literal';
  readonly text: string;
}

export interface ReferencePart {
  readonly kind: 'reference';
  readonly name: string;
  readonly operator?: ReferenceOperator;
  /** What stands behind the operator. */
  readonly word: readonly TextPart[];
  /** Where its `$` stands. */
  readonly at: number;
}

/** It begins as a reference does, and is none: `${NAME` or `${NAME/x}`. */
export interface BrokenPart {
  readonly kind: 'broken';
  readonly name: string;
  readonly at: number;
}

/**
 * - `env-file`: as dotenv-expand has it: `$NAME`, `${NAME}` and all operators; `\$` is a literal `$`. What only begins as a reference is broken.
 * - `option`: `${NAME}` and `${NAME:-default}`; `$${NAME}` is a literal `${NAME}`. Anything else is left for a shell.
 */
export type ReferenceSyntax = 'env-file' | 'option';

const begins: Readonly<Record<ReferenceSyntax, RegExp>> = {
  'env-file': /\$(?:\{([A-Za-z_][\w.]*)(:?[-+?])?|([A-Za-z_]\w*))/y,
  option: /\$\{([A-Za-z_]\w*)(:-)?/y,
};
const deepest = 100;

/** Takes a text apart; a `$` that can begin no reference is literal: `$5`, `$$`, `${}`. */
export function scanReferences(text: string, syntax: ReferenceSyntax): readonly TextPart[] {
  return scanWord({ text, syntax, depth: 0 }, 0).parts;
}

interface Scan {
  readonly text: string;
  readonly syntax: ReferenceSyntax;
  /** In how many references the text stands. */
  readonly depth: number;
}

/** Up to the brace that closes the reference around it, or to the end of the text. */
function scanWord(scan: Scan, start: number): { readonly parts: readonly TextPart[]; readonly end: number } {
  const { text, depth } = scan;
  const parts: TextPart[] = [];
  let [at, literalFrom, braces] = [start, start, 0];
  const push = (part: TextPart, end: number) => {
    if (literalFrom < at) parts.push({ kind: 'literal', text: text.slice(literalFrom, at) });
    parts.push(part);
    at = end;
    literalFrom = end;
  };
  while (at < text.length) {
    const character = text[at];
    if (depth > 0 && character === '}' && braces === 0) break;
    if (depth > 0 && character === '{') braces += 1;
    if (depth > 0 && character === '}') braces -= 1;
    const found = character === '$' || character === '\\' ? scanSpecial(scan, at) : undefined;
    if (found) push(found.part, found.end);
    else at += 1;
  }
  if (literalFrom < at) parts.push({ kind: 'literal', text: text.slice(literalFrom, at) });
  return { parts, end: at };
}

type Found = { readonly part: TextPart; readonly end: number } | undefined;

/** The escape or the reference that stands here. */
function scanSpecial(scan: Scan, at: number): Found {
  const { text, syntax } = scan;
  if (syntax === 'env-file') {
    if (text[at] === '$') return scanReference(scan, at);
    return text[at + 1] === '$' ? { part: { kind: 'literal', text: '$' }, end: at + 2 } : undefined;
  }
  if (text[at] !== '$') return undefined;
  if (text[at + 1] !== '$') return scanReference(scan, at);
  const escaped = scanReference(scan, at + 1);
  return escaped && { part: { kind: 'literal', text: text.slice(at + 1, escaped.end) }, end: escaped.end };
}

function scanReference(scan: Scan, at: number): Found {
  const { text, syntax, depth } = scan;
  const begin = begins[syntax];
  begin.lastIndex = at;
  const match = begin.exec(text);
  if (!match) return undefined;
  const behind = at + match[0].length;
  const [, braced, operator, bare] = match;
  if (bare !== undefined) return { part: { kind: 'reference', name: bare, word: [], at }, end: behind };
  const name = braced ?? '';
  const broken: Found =
    syntax === 'option' ? undefined : { part: { kind: 'broken', name, at }, end: text.length };
  if (operator === undefined) {
    return text[behind] === '}'
      ? { part: { kind: 'reference', name, word: [], at }, end: behind + 1 }
      : broken;
  }
  if (depth === deepest) return broken;
  const { parts, end } = scanWord({ ...scan, depth: depth + 1 }, behind);
  if (text[end] !== '}') return broken;
  const part = {
    kind: 'reference',
    name,
    operator: operator as ReferenceOperator,
    word: parts,
    at,
  } as const;
  return { part, end: end + 1 };
}
