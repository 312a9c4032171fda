import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCommand } from '../../src/server/finding/install-command.ts';
import { serverKinds } from '../../src/server/server-kinds.ts';

test.each([
  ['apt-get', 'apt-get install -y --no-install-recommends rabbitmq-server'],
  ['dnf', 'dnf install -y rabbitmq-server'],
  ['apk', 'apk add rabbitmq-server'],
  ['brew', 'brew install rabbitmq'],
  ['none', undefined],
])('installCommand() where there is %s', (manager, command) => {
  const folder = mkdtempSync(join(tmpdir(), 'lw-path-'));
  try {
    writeFileSync(join(folder, manager), '#!/bin/sh\n');
    chmodSync(join(folder, manager), 0o755);
    const found = installCommand(serverKinds.rabbitmq.packages, { PATH: folder });
    expect(found?.replace(/^sudo /, '')).toBe(command);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
