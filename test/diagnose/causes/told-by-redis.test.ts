import { toldByRedis } from '../../../src/diagnose/causes/told-by-redis.ts';
import { evidence, stderr, variable } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

const variables = [variable('REDIS_URL', 'redis://:***@localhost:6379/0', 'set in .env:5')];

test.each([
  [
    'ioredis',
    'ReplyError: WRONGPASS invalid username-password pair or user is disabled.',
    'WRONGPASS invalid username-password pair or user is disabled.',
    'correct the user and the password in REDIS_URL',
  ],
  [
    'node-redis',
    '[ErrorReply: NOAUTH Authentication required.]',
    'NOAUTH Authentication required.',
    'give the password in REDIS_URL',
  ],
  [
    'redis-py',
    'redis.exceptions.AuthenticationError: Authentication required.',
    'Authentication required.',
    'give the password',
  ],
  [
    'redis-py, without one',
    'redis.exceptions.AuthenticationError: AUTH <password> called without any password configured for the default user.',
    'AUTH <password> called without any password configured',
    'take the password out',
  ],
  [
    'go-redis',
    "NOPERM this user has no permissions to run the 'bzpopmin' command",
    'NOPERM this user has no permissions',
    'ACL SETUSER',
  ],
  [
    'Jedis',
    "redis.clients.jedis.exceptions.JedisDataException: READONLY You can't write against a read only replica.",
    "READONLY You can't write",
    'a replica',
  ],
  [
    'ioredis, a number',
    'ReplyError: ERR DB index is out of range',
    'ERR DB index is out of range',
    'the number of the database',
  ],
  [
    'redis-py, a start',
    'redis.exceptions.BusyLoadingError: Redis is loading the dataset in memory',
    'Redis is loading the dataset in memory',
    'try again',
  ],
  [
    'ioredis, memory',
    "ReplyError: OOM command not allowed when used memory > 'maxmemory'.",
    'OOM command not allowed',
    'maxmemory',
  ],
  [
    'ioredis, snapshots',
    'ReplyError: MISCONF Redis is configured to save RDB snapshots',
    'MISCONF Redis is configured',
    'free space',
  ],
  [
    'node-redis, too many',
    '[ErrorReply: ERR max number of clients reached]',
    'ERR max number of clients reached',
    'maxclients',
  ],
  [
    'BullMQ',
    'Error: Redis version needs to be greater or equal than 5.0.0 Current: 4.0.9',
    'Redis version needs to be',
    'newer server',
  ],
  [
    'a client without clusters',
    'ReplyError: MOVED 3999 127.0.0.1:6381',
    'MOVED 3999 127.0.0.1:6381',
    'cluster client',
  ],
])('toldByRedis() quotes what %s was told', (_client, line, quoted, change) => {
  const cause = toldByRedis(evidence({ ...stderr(line), variables }));
  expect(cause?.text).toContain(`Redis told it: ${quoted}`);
  expect(cause?.text).toContain('Its URL comes from REDIS_URL, set in .env:5');
  expect(cause?.text.split('\n')[0]).not.toMatch(/\]$/);
  expect(cause?.change.join()).toContain(change);
});

testRules({
  shown: [[toldByRedis, 'no variable', stderr('NOAUTH Authentication required.'), ['the URL it uses']]],
  silent: [
    [
      toldByRedis,
      'other words in capitals',
      stderr('LOADING config', 'FILE IS READONLY', 'WRONGPASSAGE ahead'),
    ],
  ],
});
