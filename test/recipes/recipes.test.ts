import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { withProject } from '../end-to-end/harness/project.ts';
import { venv } from '../readme/project-of-readme.ts';
import { packagesOf, readRecipes } from './recipe-pages.ts';

jest.setTimeout(300_000);

const recipes = readRecipes();
const followed = recipes.flatMap(recipe =>
  recipe.configurations.map(configuration => ({ name: recipe.name, configuration, recipe })),
);

test('there are recipes to follow', () => expect(followed.length).toBeGreaterThan(9));

test.each(followed)('$name passes as it stands, by $configuration', async ({ recipe, configuration }) => {
  const { REDIS_URL = '', NATS_URL = '' } = process.env;
  await withProject(recipe.files, async project => {
    if ('app.py' in recipe.files) symlinkSync(venv, join(project.folder, '.venv'));
    const isModule = /"type": "module"/.test(recipe.files['package.json'] ?? '');
    const env = { REDIS_URL, NATS_URL, ...(isModule && { NODE_OPTIONS: '--experimental-vm-modules' }) };
    const { code, output, results } = await project.run({ args: ['--config', configuration], env });
    const wanted = Object.entries(recipe.files)
      .filter(([name]) => name.includes('.test.'))
      .reduce((count, [, text]) => count + (text.match(/^test\(/gm) ?? []).length, 0);
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: wanted,
      output: '',
    });
  });
});

test('a recipe says where the servers are that its files ask for', () => {
  const silent = recipes.flatMap(({ name, text, files }) => {
    const asked =
      Object.values(files)
        .join('')
        .match(/\b\w+_URL\b/g) ?? [];
    return [...new Set(asked)]
      .filter(
        variable => !new RegExp(`^(export )?${variable}=|^ *process\\.env\\.${variable} = `, 'm').test(text),
      )
      .map(variable => `${name}: ${variable}`);
  });
  expect(silent).toEqual([]);
});

test('what a recipe installs exists', () => {
  const ours = ['jest-environment-live-worker'];
  const missing = recipes.flatMap(recipe =>
    packagesOf(recipe)
      .filter(name => !ours.includes(name) && !existsSync(join(repository, 'node_modules', name)))
      .map(name => `${recipe.name}: ${name}`),
  );
  expect(missing).toEqual([]);
});
