/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  globalSetup: '<rootDir>/test/end-to-end/harness/install-package.ts',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
  testEnvironment: '<rootDir>/test/suite-environment.ts',
  // Most of its time it waits for what it started.
  maxWorkers: 3,
  testTimeout: 30_000,
  modulePathIgnorePatterns: ['<rootDir>/.e2e/', '<rootDir>/dist/', '<rootDir>/fixtures/projects/'],
};

export default config;
