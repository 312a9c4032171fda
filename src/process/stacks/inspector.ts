import type { WebSocket as Socket } from 'ws';

/** One connection to the inspector of a Node process; see the Chrome DevTools Protocol. */
export interface Inspector {
  /** @throws Error when no answer comes in time, or it is an error */
  send(method: string, parameters?: object): Promise<unknown>;
  /** Where a script that was parsed came from. */
  urlOf(scriptId: string): string;
  /** The parameters of the next event of that name, or undefined when none comes in time. */
  event(method: string, limitMs: number): Promise<unknown>;
  /** Closes the inspector of the process, then the connection; false when it does not do so within `limitMs`. */
  end(limitMs?: number): Promise<boolean>;
}

/** A busy process opens it once more when its event loop turns: Node asks for it by an interrupt and by the loop. */
const closing = `{
  const { close } = process.getBuiltinModule?.('inspector') ?? require('inspector');
  setTimeout(() => setImmediate(close));
  close();
}`;

/** Loaded only when a worker hangs. */
export async function openInspector(port: number, answerMs: number): Promise<Inspector> {
  const targets = await fetch(`http://127.0.0.1:${port}/json/list`, {
    signal: AbortSignal.timeout(answerMs),
  }).catch(error => {
    throw new Error(`its inspector is open and did not answer within ${answerMs} ms`, { cause: error });
  });
  const [target] = (await targets.json()) as readonly { readonly webSocketDebuggerUrl?: string }[];
  if (!target?.webSocketDebuggerUrl) throw new Error('its inspector names nothing to connect to');
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(target.webSocketDebuggerUrl, {
    handshakeTimeout: answerMs,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => {});
  return converse(socket, answerMs);
}

function converse(socket: Socket, answerMs: number): Inspector {
  let lastId = 0;
  const urls = new Map<string, string>();
  socket.on('message', data => {
    const { method, params } = JSON.parse(data.toString()) as Event;
    if (method === 'Debugger.scriptParsed') urls.set(params?.scriptId ?? '', params?.url ?? '');
  });
  const next = <Message>(isWanted: (message: Message) => boolean, limitMs: number) =>
    new Promise<Message | undefined>(resolve => {
      const timer = setTimeout(() => finish(undefined), limitMs);
      const hear = (data: { toString(): string }) => {
        const message = JSON.parse(data.toString());
        if (isWanted(message)) finish(message);
      };
      const finish = (message: Message | undefined) => {
        clearTimeout(timer);
        socket.off('message', hear);
        resolve(message);
      };
      socket.on('message', hear);
    });
  const send = async (method: string, params: object = {}) => {
    const id = ++lastId;
    const answer = next<Answer>(message => message.id === id, answerMs);
    socket.send(JSON.stringify({ id, method, params }));
    const heard = await answer;
    if (!heard || heard.error)
      throw new Error(heard?.error?.message ?? `its inspector does not answer ${method}`);
    return heard.result;
  };
  return {
    send,
    urlOf: scriptId => urls.get(scriptId) ?? '',
    event: async (method, limitMs) =>
      (await next<Event>(message => message.method === method, limitMs))?.params,
    async end(limitMs = answerMs) {
      let isLate = false;
      const closed = new Promise(resolve => socket.once('close', resolve));
      socket.send(
        JSON.stringify({
          id: ++lastId,
          method: 'Runtime.evaluate',
          params: { expression: closing, includeCommandLineAPI: true },
        }),
      );
      const late = setTimeout(() => {
        isLate = true;
        socket.terminate();
      }, limitMs);
      await closed;
      clearTimeout(late);
      return !isLate;
    },
  };
}

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Event {
  readonly method?: string;
  readonly params?: { readonly scriptId?: string; readonly url?: string };
}
