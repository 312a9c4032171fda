/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } }],
  },
  modulePathIgnorePatterns: ['<rootDir>/.e2e/', '<rootDir>/dist/', '<rootDir>/fixtures/projects/'],
};

export default config;
