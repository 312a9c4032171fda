import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { type Page, pages } from './read-readme.ts';

interface Link {
  readonly from: string;
  /** From the repository's folder. */
  readonly to: string;
  readonly anchor: string | undefined;
}

const links = pages.flatMap(linksOf);
const asText = ({ from, to, anchor }: Link) => `${from}: ${to}${anchor === undefined ? '' : `#${anchor}`}`;

test('every link leads to a file there is', () => {
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter(({ to }) => !existsSync(join(repository, to))).map(asText)).toEqual([]);
});

test('every page that is linked to is in the package', () => {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [packed] = JSON.parse(execFileSync('npm', pack, { cwd: repository, encoding: 'utf8' }));
  const inPackage = new Set(packed.files.map(({ path }: { path: string }) => path));
  expect(links.filter(({ to }) => !inPackage.has(to)).map(asText)).toEqual([]);
});

test('every link into a page leads to one of its headings', () => {
  const headings = new Map(pages.map(page => [page.path, headingsOf(page)]));
  const lost = links.filter(({ to, anchor }) => anchor !== undefined && !headings.get(to)?.has(anchor));
  expect(lost.map(asText)).toEqual([]);
});

test('every page is linked to, and says first what it is for', () => {
  const linked = new Set(links.map(({ to }) => to));
  const alone = pages.filter(({ path }) => path !== 'README.md' && !linked.has(path));
  expect(alone.map(({ path }) => path)).toEqual([]);
  const silent = pages.filter(({ text }) => !/^# .+\n\n[A-Z]/.test(text));
  expect(silent.map(({ path }) => path)).toEqual([]);
});

function linksOf({ path, text }: Page): readonly Link[] {
  const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter(target => !/^[a-z]+:/.test(target))
    .map(target => {
      const [file = '', anchor] = target.split('#');
      return { from: path, to: file === '' ? path : posix.join(posix.dirname(path), file), anchor };
    });
}

/** As GitHub names them. */
function headingsOf({ text }: Page): ReadonlySet<string> {
  const headings = [...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(headings);
}

function withoutCode(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^ *```$/gm, '');
}
