import { withProject } from '../end-to-end/harness/project.ts';
import { expectToPass } from './project-of-readme.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(120_000);

const config = `
const { postgres, rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const kitchen = {
  command: ['node', 'kitchen.js'],
  tap: true,
  ready: [rabbitmq({ queues: ['kitchen'] }), postgres({ table: 'kitchen_dish' })],
};
module.exports = withLiveWorkers({ workers: { kitchen } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });
`;

test('every example of docs/tap.md passes on its worker', async () => {
  const files = labelledBlocks('tap');
  const tests = Object.entries(files).filter(([name]) => name.endsWith('.test.js'));
  expect(tests.length).toBeGreaterThan(0);
  const count = tests.reduce((sum, [, text]) => sum + (text.match(/^test\(/gm) ?? []).length, 0);
  await withProject({ 'jest.config.js': config, ...files }, project => expectToPass(project, count));
});
