import { plainText } from '../../text/plain-text.ts';
import type { FailureModel } from '../model.ts';

const longestTitle = 400;
/** Of a cause, or of what to change. */
const mostLines = 6;

/** @param testPath where the file is, absolute */
export function buildFailure(
  recorded: string,
  { testPath, hook }: { readonly testPath: string; readonly hook?: string | undefined },
): FailureModel {
  const plain = plainText(recorded);
  const text = withoutNoise(plain);
  const place = findPlace(plain, testPath);
  const cause = findWords(text, 'cause');
  const change = findWords(text, 'change');
  return {
    title: titleOf(text),
    text,
    ...(cause === undefined ? {} : { cause }),
    ...(change === undefined ? {} : { change }),
    ...(hook === undefined ? {} : { hook }),
    ...(place ? { place } : {}),
  };
}

/** The first line; of a comparison also what was expected, of a file that Jest could not run what its code did wrong. */
function titleOf(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  const [first = ''] = lines.filter(line => line !== '');
  if (first.startsWith('● '))
    return (lines.find(line => /^\w*Error: /.test(line)) ?? first).slice(0, longestTitle);
  const compared = lines.filter(line => /^(?:Expected|Received)\b[^:]*: /.test(line)).slice(0, 2);
  const title = first.replace(/^(?:Error|AssertionError): /, '').replace(/^thrown: "(.*?)"?$/, '$1');
  return [title, ...compared].join(' · ').slice(0, longestTitle);
}

/** As every error of ours writes them, below its headline: further lines stand below the first word. */
function findWords(text: string, name: string): string | undefined {
  const found = new RegExp(`^([ \\t]*${name}: +)(.+)$`, 'm').exec(text);
  if (!found) return undefined;
  const [whole, before = '', first = ''] = found;
  const below = text.slice(found.index + whole.length + 1).split('\n');
  const end = below.findIndex(line => !line.startsWith(' '.repeat(before.length)) || line.trim() === '');
  const others = below.slice(0, end < 0 ? mostLines : Math.min(end, mostLines - 1));
  return [first, ...others].map(line => line.trim()).join('\n');
}

/** Without the frames of Jest and of packages, and without the way to this very report. */
function withoutNoise(text: string): string {
  return text
    .replace(/^\s*report: \S+report\.html#test=\S*$\n?/gm, '')
    .replace(/^\s+at .*(?:[\\/]node_modules[\\/]|\(node:|<anonymous>:1:1).*$\n?/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function findPlace(text: string, testPath: string): FailureModel['place'] {
  const frames = [
    ...text.matchAll(/\n\s+at (?:.*\()?(?:file:\/\/)?(\/[^\n():]+|[A-Z]:[^\n():]+):(\d+):\d+\)?/g),
  ];
  const own =
    frames.find(([, file]) => file === testPath) ??
    frames.find(([, file = '']) => !file.includes('/node_modules/'));
  return own?.[1] === undefined ? undefined : { file: own[1], line: Number(own[2]) };
}
