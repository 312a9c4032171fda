import fc from 'fast-check';
import { parseOptions } from '../../src/options/parse-options.ts';
import { linesOf } from './mistakes-in.ts';
import { validOptions } from './valid-options.ts';

jest.setTimeout(60_000);

test('parseOptions() makes the same of options in band and after a JSON round trip', () => {
  fc.assert(
    fc.property(validOptions, options => {
      expect(parseOptions(JSON.parse(JSON.stringify(options)))).toStrictEqual(parseOptions(options));
    }),
    { numRuns: 300 },
  );
});

test('parseOptions() returns only JSON', () => {
  fc.assert(
    fc.property(validOptions, options => {
      const spec = parseOptions(options);
      expect(JSON.parse(JSON.stringify(spec))).toStrictEqual(spec);
    }),
    { numRuns: 300 },
  );
});

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
});

test('parseOptions() throws nothing but OPTIONS_INVALID, whatever it gets', () => {
  fc.assert(
    fc.property(anything, value => linesOf(() => parseOptions(value)).length !== 1),
    { numRuns: 2_000 },
  );
});

test('parseOptions() throws nothing but OPTIONS_INVALID when one option is anything', () => {
  fc.assert(
    fc.property(validOptions, anything, fc.nat(), (generated, value, position) => {
      const options = structuredClone(generated);
      const places = listPlaces(options);
      const place = places[position % places.length];
      if (place !== undefined) place.container[place.key] = value;
      return linesOf(() => parseOptions(options)).length !== 1;
    }),
    { numRuns: 1_000 },
  );
});

interface Place {
  readonly container: Record<string, unknown>;
  readonly key: string;
}

function listPlaces(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const container = value as Record<string, unknown>;
  return Object.keys(container).flatMap(key => [{ container, key }, ...listPlaces(container[key])]);
}
