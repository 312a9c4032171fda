import type { FileModel, RunModel, SpanModel, StateModel, WorkerState } from '../model.ts';

/** What a piece of a lane stands for: each has a colour, and a pattern or a sign of its own. */
export type PieceKind =
  | 'passed'
  | 'failed'
  | 'skipped'
  | 'file'
  | 'waiting'
  | WorkerState
  | 'span'
  | 'bad-span'
  | 'event'
  | 'bad-event';

/** A bar, or with `fromMs` equal to `toMs` a mark, on a lane. */
export interface Piece {
  readonly kind: PieceKind;
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
  /** The test, or the file, it leads to. */
  readonly target?: string;
}

export interface Lane {
  readonly name: string;
  readonly kind: 'process' | 'worker' | 'spans';
  readonly pieces: readonly Piece[];
}

/** The run on one axis: a lane for each process of Jest with its files and tests, and one for each worker. */
export function layLanes(model: RunModel): readonly Lane[] {
  const processes = new Map<string, FileModel[]>();
  for (const file of model.files) {
    const name = `${file.shard === undefined ? '' : `${file.shard} · `}Jest${file.pid === undefined ? '' : ` ${file.pid}`}`;
    processes.set(name, [...(processes.get(name) ?? []), file]);
  }
  const files = new Map(model.files.map(file => [file.id, file]));
  return [
    ...[...processes].map(([name, files]) => ({
      name,
      kind: 'process' as const,
      pieces: files.flatMap(piecesOfFile),
    })),
    ...mergeWorkers(model).flatMap(({ name, workers }): Lane[] => [
      {
        name,
        kind: 'worker',
        pieces: workers.flatMap(worker => [
          ...worker.states.map(state => toPiece(state, worker.name, files.get(worker.files[0] ?? ''))),
          ...worker.events
            .filter(({ kind, isBad }) => kind === 'probe' || isBad)
            .map(({ atMs, text, isBad }) => mark(atMs, `${worker.name}: ${text}`, isBad)),
        ]),
      },
      ...laneOfSpans(`${name}: spans`, model.spans ?? [], new Set(workers.map(({ id }) => id))),
    ]),
  ];
}

/** The shorter ones are drawn later: they lie within the longer ones. */
function laneOfSpans(
  name: string,
  spans: readonly SpanModel[],
  workers: ReadonlySet<string>,
): readonly Lane[] {
  const pieces = spans
    .filter(({ worker }) => workers.has(worker))
    .map(
      ({ name: label, fromMs, toMs, isBad, test, message }): Piece => ({
        kind: isBad ? 'bad-span' : 'span',
        fromMs,
        toMs,
        label: `${label}${message === undefined ? '' : `: ${message}`}`,
        ...(test === undefined ? {} : { target: test }),
      }),
    )
    .sort((one, other) => other.toMs - other.fromMs - (one.toMs - one.fromMs));
  return pieces.length === 0 ? [] : [{ name, kind: 'spans', pieces }];
}

/** A worker of test files that run one after the other has one lane. */
function mergeWorkers({
  workers,
  files,
}: RunModel): readonly { readonly name: string; readonly workers: RunModel['workers'] }[] {
  const pidOf = new Map(files.map(({ id, pid }) => [id, pid]));
  const lanes = new Map<string, { name: string; workers: RunModel['workers'] }>();
  for (const worker of workers) {
    const [file] = worker.files;
    const shard = worker.shard === undefined ? '' : `${worker.shard} · `;
    const place = worker.scope === 'file' ? pidOf.get(file ?? '') : worker.id;
    const key = `${shard}${worker.name} ${place}`;
    const note = worker.scope === 'run' ? ' (run)' : worker.scope === 'elsewhere' ? ' (elsewhere)' : '';
    const before = lanes.get(key);
    lanes.set(key, { name: `${shard}${worker.name}${note}`, workers: [...(before?.workers ?? []), worker] });
  }
  const all = [...lanes.values()];
  return all.map(lane => {
    const pid = pidOf.get(lane.workers[0]?.files[0] ?? '');
    const isAlone = all.filter(({ name }) => name === lane.name).length === 1;
    return isAlone || pid === undefined ? lane : { ...lane, name: `${lane.name} · ${pid}` };
  });
}

function piecesOfFile(file: FileModel): readonly Piece[] {
  const { id, path, fromMs, toMs, readyMs, waitedMs, tests, events } = file;
  return [
    { kind: 'file', fromMs, toMs, label: path, target: id },
    ...(waitedMs > 0
      ? [
          {
            kind: 'waiting' as const,
            fromMs,
            toMs: readyMs ?? fromMs + waitedMs,
            label: `${path}: waits for its workers`,
            target: id,
          },
        ]
      : []),
    ...tests.map(({ outcome, name, id, fromMs, toMs }) => ({
      kind: outcome === 'cut off' ? ('failed' as const) : outcome,
      fromMs,
      toMs,
      label: `${path}: ${name}`,
      target: id,
    })),
    ...events.map(({ atMs, text, isBad }) => mark(atMs, `${path}: ${text}`, isBad, id)),
  ];
}

function toPiece(
  { state, fromMs, toMs, detail }: StateModel,
  name: string,
  file: FileModel | undefined,
): Piece {
  return {
    kind: state,
    fromMs,
    toMs,
    label: `${name}: ${state}${detail === undefined ? '' : `, ${detail}`}`,
    ...(file ? { target: file.id } : {}),
  };
}

function mark(atMs: number, label: string, isBad = false, target?: string): Piece {
  return {
    kind: isBad ? 'bad-event' : 'event',
    fromMs: atMs,
    toMs: atMs,
    label,
    ...(target === undefined ? {} : { target }),
  };
}
