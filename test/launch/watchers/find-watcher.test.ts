import { findWatcher } from '../../../src/launch/watchers/find-watcher.ts';
import { splitWords } from '../../../src/options/split-words.ts';

const scripts: Readonly<Record<string, string>> = {
  dev: 'NODE_ENV=development nodemon worker.js',
  start: 'npm run build && node worker.js',
  'start:dev': 'nest start --watch',
  build: 'tsc -p .',
  deep: 'npm run dev -- --verbose',
  loop: 'npm run loop',
};
const find = (line: string) =>
  findWatcher(splitWords(line), {
    readScript: name => (Object.hasOwn(scripts, name) ? scripts[name] : undefined),
  });

test.each([
  ['node --watch worker.js', 'node --watch', 'node worker.js'],
  ['node --watch-path=src --import tsx worker.ts --watch', 'node --watch', undefined],
  [
    '/usr/bin/node --enable-source-maps --watch worker.js',
    'node --watch',
    '/usr/bin/node --enable-source-maps worker.js',
  ],
  ['node --import tsx --watch worker.ts', 'node --watch', 'node --import tsx worker.ts'],
  ['node --run dev', 'nodemon', 'node worker.js'],
  ['python -u -X dev -m watchfiles "python w.py"', 'watchfiles', 'python w.py'],
  ['nodemon worker.js --port 1', 'nodemon', 'node worker.js --port 1'],
  ['nodemon -w src -e ts,js --quiet worker.js', 'nodemon', 'node worker.js'],
  [`nodemon --watch src --exec 'python -u worker.py'`, 'nodemon', 'python -u worker.py'],
  ['node /app/node_modules/nodemon/bin/nodemon.js worker.js', 'nodemon', 'node worker.js'],
  ['npx --yes nodemon worker.js', 'nodemon', 'node worker.js'],
  ['tsx watch --clear-screen=false src/worker.ts', 'tsx watch', 'tsx src/worker.ts'],
  ['node node_modules/.bin/tsx watch src/worker.ts', 'tsx watch', 'tsx src/worker.ts'],
  ['node node_modules/tsx/dist/cli.mjs watch a.ts', 'tsx watch', 'tsx a.ts'],
  ['pnpm exec tsx watch a.ts', 'tsx watch', 'tsx a.ts'],
  ['ts-node-dev --respawn --transpile-only a.ts', 'ts-node-dev', 'ts-node a.ts'],
  ['bun --watch a.ts', 'bun --watch', 'bun a.ts'],
  ['deno run --watch -A a.ts', 'deno --watch', 'deno run -A a.ts'],
  [
    'watchmedo auto-restart -d src -p *.py --recursive -- celery -A app worker',
    'watchmedo auto-restart',
    'celery -A app worker',
  ],
  [
    'watchmedo auto-restart --directory=src --pattern=*.py -R celery -A app worker',
    'watchmedo auto-restart',
    'celery -A app worker',
  ],
  ['python -m watchdog.watchmedo auto-restart -- python w.py', 'watchmedo auto-restart', 'python w.py'],
  [`watchfiles 'python w.py' src`, 'watchfiles', 'python w.py'],
  ['poetry run watchmedo auto-restart -- python w.py', 'watchmedo auto-restart', 'python w.py'],
  ['celery -A app worker --autoreload', 'celery --autoreload', 'celery -A app worker'],
  ['python -m celery -A app worker --autoreload', 'celery --autoreload', 'celery -A app worker'],
  ['dramatiq tasks --watch src --processes 2', 'dramatiq --watch', 'dramatiq tasks --processes 2'],
  [`cargo watch -q -x 'run --bin worker'`, 'cargo watch', 'cargo run --bin worker'],
  ['watchexec -r -e go -- go run .', 'watchexec', 'go run .'],
  ['entr -r -n node worker.js', 'entr', 'node worker.js'],
  ['air -c .air.toml', 'air', undefined],
  ['python manage.py runserver', 'runserver', undefined],
  [`sh -c 'find src | entr -r node worker.js'`, 'entr', 'node worker.js'],
  [`bash -lc "cd app && exec nodemon worker.js"`, 'nodemon', 'node worker.js'],
  ['env A=1 B=2 nodemon worker.js', 'nodemon', 'node worker.js'],
  ['npm run dev', 'nodemon', 'node worker.js'],
  ['yarn dev', 'nodemon', 'node worker.js'],
  ['npm run -s deep', 'nodemon', 'node worker.js'],
  ['pnpm start:dev', 'nest --watch', 'nest start'],
])('findWatcher() finds the one in: %s', (line, name, without) => {
  const found = find(line);
  expect(found?.name).toBe(name);
  if (without !== undefined) expect(found?.without?.join(' ')).toBe(without);
});

test.each([
  'node worker.js --watch',
  'node -r tsx worker.js --watch',
  'python -u',
  'node worker.js nodemon',
  'python worker.py --reload nodemon',
  'tsx worker.ts watch',
  'tsx src/watch.ts',
  'celery -A app worker --loglevel info',
  'dramatiq tasks --processes 2',
  'cargo run --bin watch',
  'npm start',
  'npm run build',
  'npm run missing',
  'npm run loop',
  'npm install nodemon',
  'node ./node_modules/tsx/dist/cli.cjs a.ts',
  'node node_modules/forever/lib/index.js',
  'deno run a.ts --watch',
  'python manage.py runserver --noreload',
  `sh -c 'echo nodemon worker.js'`,
  'sh worker.sh',
  'grep nodemon',
  '',
])('findWatcher() finds none in: %s', line => {
  expect(find(line)).toBeUndefined();
});
