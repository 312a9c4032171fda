export { openFileCoverage } from './file-coverage.ts';
export { addRunCoverage } from './run-coverage.ts';
