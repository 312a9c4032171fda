/** How much is measured. */
interface Scale {
  readonly rounds: number;
  /** A smoke run: everything once, and small. */
  readonly isQuick: boolean;
}

/** What one contender came to in one row. */
export interface Measured {
  readonly contender: string;
  readonly values: readonly number[];
  /** What a number cannot say. */
  readonly note?: string;
}

export interface Row {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  /** The first line is ours. */
  measure(scale: Scale): Promise<readonly Measured[]>;
}

/** Every contender in turn, round after round, so that a moment of load meets all of them. */
export async function inTurn<Contender extends { readonly name: string }, Value>(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<Value>,
): Promise<ReadonlyMap<string, readonly Value[]>> {
  const values = new Map<string, Value[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const contender of contenders) values.get(contender.name)?.push(await measure(contender));
  return values;
}

/** The same for rows of one number each. */
export async function measureInTurn<Contender extends { readonly name: string }>(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender) => Promise<number>,
): Promise<readonly Measured[]> {
  const measured = await inTurn(contenders, rounds, measure);
  return [...measured].map(([contender, values]) => ({ contender, values }));
}
