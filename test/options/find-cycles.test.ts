import fc from 'fast-check';
import { findCycles } from '../../src/options/find-cycles.ts';

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const graphs = fc.dictionary(names, fc.uniqueArray(names)).map(graph => new Map(Object.entries(graph)));

test('findCycles() finds cycles exactly when no order exists', () => {
  fc.assert(fc.property(graphs, graph => (findCycles(graph).length === 0) === hasOrder(graph)));
});

test('findCycles() returns nothing but cycles', () => {
  fc.assert(
    fc.property(graphs, graph => {
      for (const cycle of findCycles(graph)) {
        expect(cycle.at(-1)).toBe(cycle[0]);
        for (const [index, name] of cycle.slice(1).entries()) {
          expect(graph.get(cycle[index] ?? '')).toContain(name);
        }
      }
    }),
  );
});

function hasOrder(graph: ReadonlyMap<string, readonly string[]>): boolean {
  const left = new Map(graph);
  for (;;) {
    const free = [...left].find(([, next]) => !next.some(name => left.has(name)));
    if (free === undefined) return left.size === 0;
    left.delete(free[0]);
  }
}
