/** A cycle for every edge that closes one when the graph is walked in depth; each starts and ends with the same name. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const unseen = new Map([...edges].map(([name, next]) => [name, next.values()]));
  return [...edges.keys()].flatMap(name => walk(name, unseen));
}

function walk(start: string, unseen: ReadonlyMap<string, Iterator<string>>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const trail = [start];
  for (let name = trail.at(-1); name !== undefined; name = trail.at(-1)) {
    const next = unseen.get(name)?.next();
    if (next === undefined || next.done) {
      trail.pop();
    } else if (trail.includes(next.value)) {
      cycles.push([...trail.slice(trail.indexOf(next.value)), next.value]);
    } else {
      trail.push(next.value);
    }
  }
  return cycles;
}
