import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { LiveWorkerError } from '../errors.ts';
import { ownProgram } from '../files/package-folder.ts';
import type { TapReading } from './flow/tap-reading.ts';
import { holdDesk, type TapHold } from './hold/tap-hold.ts';
import { type Upstream, upstreamKey } from './proxy/upstream.ts';
import type { TapSight } from './state/tap-sight.ts';
import type { TapOrder, TapReport, TapThreadData } from './thread/tap-messages.ts';

/** How long the owner waits for a look, at most; its thread answers between two pieces of what it passes. */
const lookLimitMs = 500;
/** The same for what it has noted, which may be much. */
const readLimitMs = 5_000;

export interface TapOptions {
  /** Whose tap it is. */
  readonly worker: string;
  /** What Node needs to find the program of the thread. */
  readonly execArgv: readonly string[];
  /** Something a user is to know: a connection that became a pipe, a thread that ended. */
  readonly say: (text: string) => void;
}

/** What stands between one worker and its services, in a thread of its own: its owner's event loop may be blocked. */
export interface Tap {
  /**
   * Opens what is not open yet; what is keeps its port.
   *
   * @returns the ports on the loopback interface, in the order of the upstreams
   * @throws SPAWN_FAILED
   */
  listen(upstreams: readonly Upstream[]): Promise<readonly number[]>;
  /** Counts arrivals and refusals from here on. */
  beginLaunch(): void;
  /** How it stands now; undefined when its thread is gone. */
  look(): TapSight | undefined;
  /** @param atMs by the clock of the machine */
  beginTest(atMs: number): void;
  /**
   * What it has noted since the running test began, and how it stands; undefined when its thread is gone or does not answer.
   *
   * @param after the number of an entry that is known, with all before it
   */
  read(after: number): Promise<TapReading | undefined>;
  readonly hold: TapHold;
  close(): Promise<void>;
}

export function openTap({ worker, execArgv, say }: TapOptions): Tap {
  const sent = new SharedArrayBuffer(4);
  const { port1: sights, port2 } = new MessageChannel();
  const workerData: TapThreadData = { sights: port2, sent };
  const thread = new Worker(ownProgram('tap/thread/main.js'), {
    workerData,
    transferList: [port2],
    execArgv: [...execArgv],
    env: {},
    stdin: false,
  });
  const ports = new Map<string, number>();
  const waiting = new Map<string, (outcome: number | Error) => void>();
  const readers = new Map<number, (reading: TapReading | undefined) => void>();
  let questions = 0;
  let isOver = false;
  const desk = holdDesk(
    (number, question) => order({ kind: 'hold', number, question }),
    () => keepAlive(),
  );
  /** What nothing else keeps alive would end before the answer. */
  const keepAlive = () => (desk.isWaiting || waiting.size > 0 ? thread.ref() : thread.unref());

  const end = (why: string) => {
    if (!isOver) say(`the tap of worker "${worker}" ended: ${why}`);
    isOver = true;
    for (const settle of waiting.values()) settle(notOpened(worker, why));
    desk.end(tapGone(worker, why));
    giveUpReading();
  };
  const giveUpReading = () => {
    for (const answer of [...readers.values()]) answer(undefined);
  };
  thread
    .on('message', (report: TapReport) => {
      switch (report.kind) {
        case 'listening':
          ports.set(report.key, report.port);
          waiting.get(report.key)?.(report.port);
          break;
        case 'not-listening':
          waiting.get(report.key)?.(notOpened(worker, report.why));
          break;
        case 'reading':
          readers.get(report.question)?.(report.reading);
          break;
        case 'not-understood':
          say(
            `${worker}: a connection through its tap is only passed on, nothing of it is seen: ${report.why}`,
          );
          break;
        case 'answer':
          desk.answered(report.number, report.answer);
          break;
        case 'reached':
          desk.reached(report.watch, report.reached);
          break;
        default:
          report satisfies never;
      }
    })
    .on('error', error => end(error.message))
    .on('exit', code => end(`its thread ended with code ${code}`))
    .unref();
  sights.unref();

  const order = (given: TapOrder) => thread.postMessage(given);

  const listenTo = (upstream: Upstream): Promise<number> => {
    const key = upstreamKey(upstream);
    const known = ports.get(key);
    if (known !== undefined) return Promise.resolve(known);
    if (isOver) return Promise.reject(notOpened(worker, 'its thread is gone'));
    return new Promise<number>((resolve, reject) => {
      waiting.set(key, outcome => {
        waiting.delete(key);
        keepAlive();
        if (typeof outcome === 'number') resolve(outcome);
        else reject(outcome);
      });
      keepAlive();
      order({ kind: 'listen', upstream });
    });
  };

  return {
    async listen(upstreams) {
      const found: number[] = [];
      for (const upstream of upstreams) found.push(await listenTo(upstream));
      return found;
    },
    beginLaunch: () => order({ kind: 'begin-launch' }),
    look() {
      if (isOver) return undefined;
      const count = new Int32Array(sent);
      const before = Atomics.load(count, 0);
      order({ kind: 'look' });
      Atomics.wait(count, 0, before, lookLimitMs);
      return takeLast(() => receiveMessageOnPort(sights)?.message);
    },
    beginTest: atMs => order({ kind: 'begin-test', atMs }),
    read(after) {
      if (isOver) return Promise.resolve(undefined);
      questions += 1;
      const question = questions;
      return new Promise(resolve => {
        const timer = setTimeout(() => readers.get(question)?.(undefined), readLimitMs).unref();
        readers.set(question, reading => {
          clearTimeout(timer);
          readers.delete(question);
          resolve(reading);
        });
        order({ kind: 'read', question, after });
      });
    },
    hold: desk,
    async close() {
      isOver = true;
      giveUpReading();
      desk.end(tapGone(worker, 'its test file is over'));
      sights.close();
      await thread.terminate();
    },
  };
}

/** One that came too late for the look before may lie before it. */
function takeLast(take: () => TapSight | undefined): TapSight | undefined {
  let last: TapSight | undefined;
  for (let sight = take(); sight; sight = take()) last = sight;
  return last;
}

function notOpened(worker: string, why: string): LiveWorkerError {
  return new LiveWorkerError(
    'SPAWN_FAILED',
    `Cannot start worker "${worker}": its tap cannot be opened: ${why}`,
    {
      details: { worker },
    },
  );
}

function tapGone(worker: string, why: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `The tap of worker "${worker}" is gone: ${why}`, {
    details: { worker },
  });
}
