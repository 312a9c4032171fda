import { leftOf, nothing, ownServers } from '../end-to-end/harness/own-servers.ts';
import { withSupervisedProject } from '../end-to-end/harness/supervised-project.ts';
import { labelledBlocks } from './read-readme.ts';

jest.setTimeout(120_000);

test('the laptop with nothing on it of docs/services.md passes as it stands', () =>
  withSupervisedProject(labelledBlocks('laptop'), async own => {
    // Where CI is set nothing outlives the run.
    const env = { CI: 'true', DATABASE_URL: '', RABBITMQ_URL: '' };
    const { code, output, results } = await own.start({ env }).ended;
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: 1,
      output: '',
    });
    expect(output).toMatch(
      /services\.rabbitmq: private \(found: no variable of a worker names one\), programs in \S+, on port \d+, logs in \S+servers__rabbitmq$/m,
    );
    expect(output).toMatch(
      /services\.postgres: private \(found: no variable of a worker names one\), binaries in \S+, on port \d+, logs in \S+servers__postgres$/m,
    );
    expect(leftOf(ownServers(own.folder))).toEqual(nothing);
  }));
