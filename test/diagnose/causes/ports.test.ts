import { addressInUse } from '../../../src/diagnose/causes/ports.ts';
import { broker, holders, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
    [
      addressInUse,
      'a port that Node names',
      {
        ...stderr('Error: listen EADDRINUSE: address already in use :::9191'),
        variables: [variable('METRICS_PORT', '9191')],
        search: holders({ 9191: 4711 }),
      },
      [
        'port 9191 is in use already (METRICS_PORT, set in .env:1); it is held by',
        '| pid 4711 on port 9191: holder',
      ],
    ],
    [
      addressInUse,
      'a port that Python does not name, behind a time of day',
      {
        ...stderr('2026-01-02 23:57:12,123 ERROR OSError: [Errno 98] Address already in use'),
        variables: [
          variable('METRICS_PORT', '9191'),
          variable('PGPORT', '5433'),
          variable('HTTP_PORT', '5672'),
        ],
        services: [broker],
        search: holders({ 57: 1, 5433: 2, 5672: 3, 9191: 4711 }),
      },
      [/^port 9191 is in use already \(METRICS_PORT.*\n {2}\| pid 4711 on port 9191: holder$/],
    ],
    [
      addressInUse,
      'a holder that cannot be seen',
      stderr(
        "OSError: [Errno 98] error while attempting to bind on address ('127.0.0.1', 8080): address already in use",
      ),
      ['port 8080 is in use already, by a process that is gone by now or that this user may not look at'],
    ],
  ],
  silent: [[addressInUse, 'a port that is spoken of', stderr('listening on port 9191')]],
});
