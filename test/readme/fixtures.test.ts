import { withProject } from '../end-to-end/harness/project.ts';
import { expectToPass } from './project-of-readme.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(120_000);

const config = `
const { postgres, rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const shop = {
  command: ['node', 'shop.js'],
  ready: [rabbitmq({ queues: ['shop-orders'] }), postgres({ table: 'shop_stock' })],
};
module.exports = withLiveWorkers({ workers: { shop } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });
`;

test('every example of docs/fixtures.md passes on its worker', async () => {
  const files = labelledBlocks('fixture');
  const tests = Object.entries(files).filter(([name]) => name.endsWith('.test.js'));
  expect(tests.length).toBeGreaterThan(6);
  const count = tests.reduce((sum, [, text]) => sum + (text.match(/^test\(/gm) ?? []).length, 0);
  await withProject({ 'jest.config.js': config, ...files }, project => expectToPass(project, count));
});
