import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** What was measured, and on what. */
export function describeMachine(): string {
  const [cpu] = cpus();
  const packages = [
    '../node_modules/jest',
    'node_modules/jest-dev-server',
    'node_modules/@playwright/test',
    'node_modules/start-server-and-test',
  ];
  return [
    `Node ${process.versions.node}, ${packages.map(versionOf).join(', ')}.`,
    `${process.platform} ${process.arch}, ${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB.`,
  ].join(' ');
}

function versionOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(__dirname, folder, 'package.json'), 'utf8'));
  return `${name} ${version}`;
}
