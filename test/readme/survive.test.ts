import { stripVTControlCharacters } from 'node:util';
import { withProject } from '../end-to-end/harness/project.ts';
import { expectToPass } from './project-of-readme.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(120_000);

const config = `
const { rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const cashier = { command: ['node', 'cashier.js'], ready: [rabbitmq({ queues: ['cashier-orders'] })], tap: true };
module.exports = withLiveWorkers({ workers: { cashier } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });
`;
const files = labelledBlocks('survive');

test('a worker that survives a crash passes the examples of docs/tap.md', () =>
  withProject({ 'jest.config.js': config, ...files }, project => expectToPass(project, 2)));

test('one that does not fails as docs/tap.md shows it', () => {
  const naive = files['cashier.js']
    ?.replace('(id text PRIMARY KEY, amount', '(id text, amount')
    .replace(' ON CONFLICT DO NOTHING', '')
    .replaceAll('cashier_payment', 'cashier_payment_twice');
  const body = files['every.test.js']
    ?.replace('SELECT *', 'SELECT amount')
    .replaceAll('cashier_payment', 'cashier_payment_twice');
  return withProject(
    { 'jest.config.js': config, 'cashier.js': naive ?? '', 'every.test.js': body ?? '' },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      const shown = stripVTControlCharacters(output)
        .replaceAll('cashier_payment_twice', 'cashier_payment')
        .replace(/^ {4}/gm, '');
      expect(comparable(shown)).toContain(comparable(labelledBlocks('survived').naive ?? ''));
    },
  );
});

/** Without times and ids, and without what Jest makes of blank lines. */
function comparable(text: string): string {
  return text
    .replace(/\d+ ms/g, 'N ms')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\n\s*\n/g, '\n')
    .trim();
}
