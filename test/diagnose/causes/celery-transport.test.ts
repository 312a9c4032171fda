import { celeryTransportMissing } from '../../../src/diagnose/causes/celery-transport.ts';
import { stderr } from '../crafted-evidence.ts';
import { testRules } from './test-rules.ts';

testRules({
  shown: [
    [
      celeryTransportMissing,
      'kombu without redis',
      stderr(
        `[2026-01-01 00:00:00,000: CRITICAL/MainProcess] Unrecoverable error: AttributeError("'NoneType' object has no attribute 'Redis'")`,
      ),
      ['Python has no package "redis", which the broker of its URL needs', '-m pip install redis'],
    ],
    [
      celeryTransportMissing,
      'a backend that names its package',
      stderr('ImportError: Missing pymongo library (pip install pymongo)'),
      ['Python has no package "pymongo"'],
    ],
  ],
  silent: [
    [
      celeryTransportMissing,
      'another None',
      stderr("AttributeError: 'NoneType' object has no attribute 'id'"),
    ],
  ],
});
