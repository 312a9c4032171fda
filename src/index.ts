import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import type { Circus } from '@jest/types';
import type { TestEnvironment } from 'jest-environment-node';
import { loadCoverage } from './jest/coverage/load-coverage.ts';
import { jestModuleLoader } from './jest/jest-module-loader.ts';
import { nodeEnvironment } from './jest/node-environment.ts';
import { type OpenSession, openSession } from './jest/open-session.ts';
import { untilRunKnown } from './supervisor/client/until-run-known.ts';

export type { LiveWorkerErrorCode } from './errors.ts';
export type { LiveWorkersOptions, WorkerOptions } from './options/options.ts';
export type { ProbeModule, ProbeQuestion } from './probe/module-probe.ts';
export type { ProbeAnswer } from './probe/probe.ts';

const NodeEnvironment: typeof TestEnvironment = nodeEnvironment();

/** The environment Jest loads for `testEnvironment: 'live-worker'`: Node's, with live workers around each test file. */
export default class LiveWorkerEnvironment extends NodeEnvironment {
  readonly #config: JestEnvironmentConfig;
  readonly #context: EnvironmentContext;
  #session: OpenSession | undefined;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.#config = config;
    this.#context = context;
  }

  override async setup(): Promise<void> {
    await super.setup();
    await untilRunKnown();
    const { projectConfig, globalConfig } = this.#config;
    const { rootDir, setupFiles, setupFilesAfterEnv, testEnvironmentOptions } = projectConfig;
    this.#session = openSession({
      rootDir,
      setupFiles: [...setupFiles, ...setupFilesAfterEnv],
      earlySetupFiles: setupFiles,
      options: testEnvironmentOptions,
      pragmas: this.#context.docblockPragmas,
      testPath: this.#context.testPath,
      tests: { match: projectConfig.testMatch, regex: projectConfig.testRegex },
      hasPattern: Boolean(globalConfig.testNamePattern),
      openMeter: globalConfig.collectCoverage
        ? () => loadCoverage().openFileCoverage(globalConfig, projectConfig)
        : undefined,
      loadModule: jestModuleLoader(projectConfig),
      sandbox: this.global,
    });
    await this.#session.start();
  }

  async handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent, state: Circus.State): Promise<void> {
    await this.#session?.handle(event, state);
  }

  override async teardown(): Promise<void> {
    try {
      await this.#session?.close();
    } finally {
      await super.teardown();
    }
  }
}
