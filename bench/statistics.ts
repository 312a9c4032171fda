export function median(values: readonly number[]): number {
  return at(values, 0.5);
}

export function percentile95(values: readonly number[]): number {
  return at(values, 0.95);
}

/** Between two values where the share falls between them. */
function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
