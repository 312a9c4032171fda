import {
  type BrokenPart,
  type ReferencePart,
  type ReferenceSyntax,
  scanReferences,
  type TextPart,
} from './scan-references.ts';

/** A variable whose value, or the default beside it, stands in another variable. */
export interface FilledReference {
  readonly name: string;
  /** The default was taken. */
  readonly isDefault: boolean;
}

/** A text with its references filled in. */
export interface FilledText {
  readonly text: string;
  /** Each once, in order. */
  readonly references: readonly FilledReference[];
}

/** Where values come from, and what is thrown where there is none. */
export interface ReferenceSource {
  readonly syntax: ReferenceSyntax;
  lookUp(name: string): string | undefined;
  onMissing(reference: ReferencePart): never;
  onBroken(part: BrokenPart): never;
}

/** Fills in the references of a text; a value that is filled in is never looked at again. */
export function fillIn(text: string, source: ReferenceSource): FilledText {
  const references = new Map<string, FilledReference>();
  const note = (reference: FilledReference) =>
    references.set(`${reference.name} ${reference.isDefault}`, reference);
  const filled = fillParts(scanReferences(text, source.syntax), source, note);
  return { text: filled, references: [...references.values()] };
}

type Note = (reference: FilledReference) => void;

function fillParts(parts: readonly TextPart[], source: ReferenceSource, note: Note): string {
  return parts
    .map(part => {
      switch (part.kind) {
        case 'literal':
          return part.text;
        case 'reference':
          return fillReference(part, source, note);
        case 'broken':
          return source.onBroken(part);
        default:
          return part satisfies never;
      }
    })
    .join('');
}

/** An empty variable takes the default as well, with and without the colon, as dotenv-expand has it. */
function fillReference(reference: ReferencePart, source: ReferenceSource, note: Note): string {
  const { name, operator, word } = reference;
  const value = source.lookUp(name);
  const wordOf = () => fillParts(word, source, note);
  switch (operator) {
    case ':+':
    case '+':
      note({ name, isDefault: false });
      return value ? wordOf() : '';
    case ':-':
    case '-':
      note({ name, isDefault: !value });
      return value || wordOf();
    case ':?':
      return noted(value || source.onMissing(reference));
    case '?':
    case undefined:
      return noted(value ?? source.onMissing(reference));
    default:
      return operator satisfies never;
  }

  function noted(found: string): string {
    note({ name, isDefault: false });
    return found;
  }
}
