import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { typeErrors } from './compiler.ts';
import { parseYaml } from './parse-yaml.ts';
import { codeBlocks, pages } from './read-readme.ts';

describe('the other blocks of the manual', () => {
  test('the TypeScript has no type errors', () => {
    expect(codeBlocks('ts').length).toBeGreaterThan(6);
    expect(typeErrors()).toEqual([]);
  });

  test('the YAML is a workflow of GitHub and a job of GitLab', () => {
    const [workflow, pipeline] = codeBlocks('yaml').map(({ text }) => parseYaml(text));
    expect(workflow).toMatchObject({
      jobs: {
        test: {
          services: {
            rabbitmq: { options: expect.stringContaining('--health-cmd') },
            postgres: { options: expect.stringContaining('--health-cmd') },
          },
          steps: expect.arrayContaining([
            { run: 'npx jest --shard=${{ matrix.shard }}/2' },
            expect.objectContaining({
              if: 'failure()',
              with: expect.objectContaining({ path: '.live-worker' }),
            }),
          ]),
        },
      },
    });
    expect(pipeline).toMatchObject({
      test: {
        services: [{ alias: 'rabbitmq' }, { alias: 'postgres' }],
        artifacts: { paths: ['.live-worker'] },
      },
    });
  });

  test('the commands name npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/npm (?:run ([\w:]+)|(test)\b)/g)].map(([, run, plain]) => run ?? plain ?? ''),
    );
    expect(named.filter(name => scripts[name] === undefined)).toEqual([]);
    expect(named).toEqual(expect.arrayContaining(['demo', 'test', 'test:unit', 'check']));
  });

  test('the commands that pick a test pick one that is there', () => {
    const picked = pages.flatMap(({ text }) => [...text.matchAll(/-- (test\/\S+\.test\.ts) -t '([^']+)'/g)]);
    expect(picked.length).toBeGreaterThan(0);
    for (const [, file = '', name] of picked) {
      const titles = readFileSync(join(repository, file), 'utf8').match(/^ *test(\.each.*)?\('.*'/gm) ?? [];
      expect(titles).toContainEqual(expect.stringContaining(name ?? ''));
    }
  });
});
