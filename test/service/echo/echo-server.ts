import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A service of the tests' own: a client says `join`, and each line but `count` comes back; `count` answers how many have joined. */
export class EchoServer {
  readonly #joined = new Set<Socket>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(socket => this.#serve(socket));
  }

  async listen(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return `echo://127.0.0.1:${(this.#server.address() as { readonly port: number }).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#joined.delete(socket);
      this.#sockets.delete(socket);
    });
    createInterface(socket).on('line', line => {
      if (line === 'join') this.#joined.add(socket);
      socket.write(`${line === 'count' ? this.#joined.size : line}\n`);
    });
  }
}
