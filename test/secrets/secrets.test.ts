import { Secrets } from '../../src/secrets/secrets.ts';

const keyOf = (length: number) => 'k9'.repeat(length / 2);

test.each([8, 1_000, 1_002, 32_768, 70_000])(
  'mask() takes a secret of %d characters out of a text',
  length => {
    const secrets = new Secrets([
      ['API_TOKEN', keyOf(length)],
      ['OTHER_TOKEN', 'hunter2.*'],
    ]);
    expect(secrets.mask(`it sent ${keyOf(length)}, and hunter2.*`)).toBe('it sent ***, and ***');
    expect(secrets.mask('it sent nothing')).toBe('it sent nothing');
  },
);

test('mask() takes the longer one of two secrets, of which one begins the other', () => {
  const secrets = new Secrets([
    ['API_TOKEN', keyOf(40_000)],
    ['OTHER_TOKEN', keyOf(2_000)],
    ['THIRD_TOKEN', keyOf(20)],
  ]);
  const all = [40_000, 2_000, 20].map(keyOf).join(' ');
  expect(secrets.mask(all)).toBe('*** *** ***');
});

test('mask() has no word to look for where all of them are long', () => {
  expect(new Secrets([['API_TOKEN', keyOf(2_000)]]).mask('')).toBe('');
});
