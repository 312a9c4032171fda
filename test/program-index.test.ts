import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../fixtures/workers');
const programs = readdirSync(folder).filter(
  name => /\.(mjs|cjs|py|sh)$/.test(name) && statSync(join(folder, name)).isFile(),
);

/** The first sentence of a program's header comment. */
function purposeOf(program: string): string {
  const [, quoted, lines] =
    /^(?:"""([\s\S]*?)"""|((?:(?:\/\/|#(?!!)).*\n)+))/m.exec(readFileSync(join(folder, program), 'utf8')) ??
    [];
  const text = (quoted ?? lines ?? '').replace(/^(\/\/|#) ?/gm, '').replace(/\s+/g, ' ');
  return /^(.*?\.)(?= |$)/.exec(text.trim())?.[1] ?? text.trim();
}

test('the index of fixtures/workers has each program with the first sentence of its header', () => {
  expect(programs.length).toBeGreaterThan(30);
  const rows = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| `(.+)` \| (.*) \|$/gm)];
  expect(rows.map(([, program, purpose]) => [program, purpose])).toEqual(
    programs.map(program => [program, purposeOf(program).replaceAll('|', '\\|')]),
  );
});
