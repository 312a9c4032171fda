import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifyRun } from '../../../src/records/run-identity.ts';
import { SharedProjects } from '../../../src/supervisor/workers/shared-projects.ts';

const folder = mkdtempSync(join(tmpdir(), 'live-worker-projects-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const slots = (name: string) => ({ given: [{ kind: 'postgres', place: 'h/app', name }], env: {} });

test('what a lease that is under way has asked for is not closed by the end of another one', async () => {
  const projects = new SharedProjects({ run: identifyRun(), isSuccessor: false, onWanted() {} });
  const [shared, slotted] = [await projects.open(folder, undefined), await projects.open(folder, slots('a'))];
  await projects.closeEmpty(new Set());
  expect(projects.all).toEqual([shared, slotted]);
  expect(await projects.open(folder, slots('a'))).toBe(slotted);
  projects.noteFilled();
  await projects.closeEmpty(new Set([slotted]));
  expect(projects.all).toEqual([shared, slotted]);
  await projects.closeEmpty(new Set());
  expect(projects.all).toEqual([shared]);
  expect(await projects.open(folder, slots('a'))).not.toBe(slotted);
  await projects.close();
});
