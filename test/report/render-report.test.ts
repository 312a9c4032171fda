import { createHash } from 'node:crypto';
import { readPage, renderReport } from '../../src/report/html/write-report.ts';
import type { RunModel } from '../../src/report/model.ts';
import { stuckFile, stuckLogs, withRunFolder } from './run-folder.ts';

const hostile = '</script><img src=x onerror=alert(1)>"\'<!--';

function withStuck(work: (model: RunModel) => void): void {
  withRunFolder(({ rootDir, write, read }) => {
    const events = stuckFile(rootDir).map(event =>
      typeof event !== 'string' && event.test === 'is stuck'
        ? { ...event, test: `is stuck ${hostile}` }
        : event,
    );
    write('a.test.js', events, { ...stuckLogs, 'ops.stdout.log': `${hostile}\n` });
    work(read());
  });
}

test('the first screen says without a script what failed, why, and how long was waited', () =>
  withStuck(model => {
    const [shown = ''] = renderReport(model, readPage()).split('<script');
    for (const text of [
      '1 of 2 tests failed',
      'a.test.js',
      'Exceeded timeout of 1000 ms',
      'handler is stuck',
      'test file waited 110 ms for workers',
    ])
      expect(shown).toContain(text);
  }));

test('no text of a run is markup, nor does it end the data', () =>
  withStuck(model => {
    const page = renderReport(model, { script: 'x', style: 'y' });
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).toContain('is stuck &lt;/script&gt;&lt;img src=x');
  }));

test('its policy allows its own script and style, and no other source', () =>
  withStuck(model => {
    const page = renderReport(model, readPage());
    const hashOf = (tag: string) => {
      const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page.replace(/<(style|script)\b[\s\S]*?<\/\1>/g, '')).not.toMatch(/(?:src|href)="(?!#)|url\(/);
  }));

test('the page is at most 120 KB without data', () =>
  withStuck(model => {
    const empty = { ...model, files: [], workers: [], logs: [] };
    expect(renderReport(empty, readPage()).length).toBeLessThan(120 * 1024);
  }));
