import { listensElsewhere } from '../../../src/diagnose/causes/listening.ts';
import { unmet, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const asks = (host: string, port = 3000, why = 'no answer') => unmet({ kind: 'tcp', host, port }, why);
const at = (...addresses: readonly (readonly [string, number])[]) => ({
  listening: addresses.map(([host, port]) => ({ host, port })),
});
const tree = [{ pid: 7, command: 'node api.js' }];

testRules({
  shown: [
    [
      listensElsewhere,
      'the other family',
      { ...asks('127.0.0.1'), ...at(['::1', 3000], ['127.0.0.1', 9229]) },
      [
        /^it listens on \[::1\]:3000, the probe asks 127\.0\.0\.1:3000$/,
        'ask [::1] in the probe',
        'listen on 127.0.0.1',
      ],
    ],
    [
      listensElsewhere,
      'another interface',
      { ...asks('127.0.0.1'), ...at(['10.0.0.7', 3000]) },
      ['it listens on 10.0.0.7:3000, the probe asks 127.0.0.1:3000', 'ask 10.0.0.7'],
    ],
    [
      listensElsewhere,
      'IPv6 alone',
      { ...asks('127.0.0.1'), ...at(['::', 3000]) },
      ['it listens on [::]:3000', 'ask [::1] in the probe'],
    ],
    [
      listensElsewhere,
      'another port, with the variables that name both',
      {
        ...asks('localhost'),
        ...at(['0.0.0.0', 3001]),
        variables: [
          variable('PORT', '3001'),
          variable('HTTP_PORT', '3000', 'set in .env:2'),
          variable('X', '3000'),
        ],
      },
      [
        'it listens on 0.0.0.0:3001, the probe asks localhost:3000',
        'Its variables with these ports: PORT=3001 (set in .env:1), HTTP_PORT=3000 (set in .env:2)',
        "ports: ['PORT'] gives both the same one",
      ],
    ],
    [
      listensElsewhere,
      'an http probe that is refused',
      {
        ...unmet(
          { kind: 'http', host: '::1', port: 3000, wanted: '2xx' },
          'nothing listens on [::1]:3000 (ECONNREFUSED)',
        ),
        ...at(['127.0.0.1', 3000]),
      },
      ['it listens on 127.0.0.1:3000, the probe asks [::1]:3000'],
    ],
    [
      listensElsewhere,
      'a name that stands for the other family alone',
      {
        ...asks('localhost', 3000, 'nothing listens on localhost:3000 (ECONNREFUSED)'),
        ...at(['::1', 3000]),
      },
      [
        'it listens on [::1]:3000, the probe asks localhost:3000',
        'ask [::1] in the probe, or make the worker listen on 127.0.0.1',
      ],
    ],
    [
      listensElsewhere,
      'no port at all',
      { ...asks('127.0.0.1'), ...at(), tree },
      ['none of its processes listens on a port; the probe asks 127.0.0.1:3000'],
    ],
  ],
  silent: [
    [listensElsewhere, 'the very address', { ...asks('127.0.0.1'), ...at(['127.0.0.1', 3000]) }],
    [listensElsewhere, 'all addresses', { ...asks('127.0.0.1'), ...at(['0.0.0.0', 3000]) }],
    [listensElsewhere, 'a name, on all addresses', { ...asks('localhost'), ...at(['::', 3000]) }],
    [
      listensElsewhere,
      'a name that takes the connection',
      { ...asks('localhost', 3000, 'no answer within 2000 ms'), ...at(['::1', 3000]) },
    ],
    [listensElsewhere, 'no /proc', asks('127.0.0.1')],
    [listensElsewhere, 'another machine, and no port', { ...asks('api.example'), ...at(), tree }],
    [
      listensElsewhere,
      'an answer',
      { ...asks('127.0.0.1', 3000, 'it answers with status 500'), ...at(['::1', 3000]) },
    ],
  ],
});
