import type { Endpoint } from '../../process/table/read-sockets.ts';
import type { Cause } from '../cause.ts';
import { describeEndpoint } from '../endpoints.ts';
import type { Evidence } from '../evidence.ts';
import { selectFrames } from '../select-frames.ts';

const change = ['look at what that line waits for, or give it more time by startTimeoutMs'];

/** Python's own import machinery stands in the stack of a module that imports. */
export function importHangs({ failure, stacks }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout') return undefined;
  const hanging = stacks.find(({ text }) => text.includes('<frozen importlib'));
  const [frame] = hanging ? selectFrames(hanging.text) : [];
  return frame === undefined ? undefined : { text: `it is still importing its modules: ${frame}`, change };
}

/** Only where a stack or a socket shows it: a worker that waits for work stands still, too. */
export function hangsInside(evidence: Evidence): Cause | undefined {
  if (evidence.failure.kind !== 'timeout') return undefined;
  const found = connects(evidence) ?? waitsForLock(evidence) ?? computes(evidence);
  return found && { ...found, text: `it hangs, or is not done yet: ${found.text}` };
}

/** A connection under way, of a worker whose stack does not show it: maybe one that it can do without. */
export function connectsInVain(evidence: Evidence): Cause | undefined {
  if (evidence.failure.kind !== 'timeout' || connects(evidence)) return undefined;
  const [peer] = evidence.connecting ?? [];
  if (!peer && !evidence.stacks.some(({ text }) => nodeConnects.test(text))) return undefined;
  return { text: describeConnecting(peer), change: connectChange };
}

function connects(evidence: Evidence): Cause | undefined {
  const frame = findFrame(evidence, connecting, connectingSource);
  if (frame === undefined) return undefined;
  return { text: `${describeConnecting(evidence.connecting?.[0])}, ${frame}`, change: connectChange };
}

function describeConnecting(peer: Endpoint | undefined): string {
  return peer
    ? `it connects to ${describeEndpoint(peer)}, which does not answer`
    : 'it connects, or waits for a name to be resolved';
}

const connectChange = [
  'correct the address it connects to, or look for what is between them, or give it more time by startTimeoutMs',
];

function waitsForLock(evidence: Evidence): Cause | undefined {
  const blocked = evidence.stacks.find(({ text }) => blockedHead.test(text));
  const frame = blocked ? selectFrames(blocked.text)[0] : findFrame(evidence, locking, lockingSource);
  return frame === undefined
    ? undefined
    : { text: `it waits for a lock, ${frame}`, change: ['find the thread or process that holds that lock'] };
}

function computes({ busy, stacks, tree }: Evidence): Cause | undefined {
  const [pid] = busy;
  if (pid === undefined) return undefined;
  const stack = stacks.find(stack => busy.includes(stack.pid) && !isIdle(stack.text));
  const [frame] = stack ? selectFrames(stack.text) : [];
  const command = tree.find(member => member.pid === pid)?.command;
  const where = frame ?? `pid ${pid}${command === undefined ? '' : `: ${command}`}`;
  return {
    text: `it computes without a pause, ${where}`,
    change: ['look for a loop there, or give it more time by startTimeoutMs'],
  };
}

/** What Node waits for while it connects or looks up a name. */
const nodeConnects = /^it executes nothing.*\b(?:TCPConnectWrap|PipeConnectWrap|GetAddrInfoReqWrap)\b/;

function isIdle(text: string): boolean {
  return text.startsWith('it executes nothing');
}

/** The names of functions of Python's and Java's libraries, the JVM's word, that of Go. */
const connecting =
  / in (?:_?connect|_?create_connection|do_handshake|getaddrinfo|_?establish_connection)$|^at (?:sun\.nio\.ch\.(?:Net|NioSocketImpl)|java\.net\.Socket)\.connect|net\.\(\*(?:Dialer|sysDialer)\)/;
const connectingSource =
  /\bconnect\(|create_connection\(|getaddrinfo\(|urlopen\(|requests\.\w+\(|httpx\.\w+\(/;
const locking =
  /(?:threading|synchronize|filelock\S*|portalocker\S*|redis\/lock)(?:\.py|\/\S+)", line \d+ in (?:acquire|__enter__)$/;
const lockingSource = /\.acquire\(|\bflock\(|\blockf\(|\bwith \w*lock\w*\b/i;
/** Of the JVM and of Go, which say it above the frames of the main thread. */
const blockedHead =
  /^"main" .*\n\s+java\.lang\.Thread\.State: BLOCKED|^goroutine 1 \[(?:sync\.\S*Lock|semacquire)/m;
const framesLooked = 8;

/** By the name of a function in the innermost frames, or by what stands in the source at the very innermost. */
function findFrame({ stacks, search }: Evidence, name: RegExp, source: RegExp): string | undefined {
  for (const { text } of stacks) {
    if (isIdle(text)) continue;
    const frames = selectFrames(text).slice(0, framesLooked);
    const named = frames.find(frame => name.test(frame));
    if (named !== undefined) return named;
    const [, path = '', line] = /^File "([^"]+)", line (\d+)/.exec(frames[0] ?? '') ?? [];
    const code = path === '' ? undefined : search.sourceLine(path, Number(line));
    if (code !== undefined && source.test(code)) return `${frames[0]}: ${code}`;
  }
  return undefined;
}
