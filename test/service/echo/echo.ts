import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fatal, type Probe, pending, ready } from '../../../src/probe/probe.ts';
import { checkUrl, findUrl, urlMissing } from '../../../src/service/find-url.ts';
import type { Service, ServiceClient, ServiceSpec, ServiceUse } from '../../../src/service/service.ts';

/** What `ready` says of it: `{ kind: 'echo', members: 1 }`. */
interface EchoSpec extends ServiceSpec {
  readonly kind: 'echo';
  readonly members: number;
}

/** A third kind of service, as the folder of one would be: nothing outside of it knows its name. */
export const echo: Service<EchoSpec> = {
  title: 'Echo',
  startCommand: 'echo-server',
  role: 'broker',
  advise: () => undefined,
  locate(url, place) {
    const isMeant = (value: string) => value.startsWith('echo://');
    const found = findUrl(url, ['ECHO_URL'], place) ?? urlMissing(['ECHO_URL'], place, isMeant);
    checkUrl(found, place, text => new URL(text));
    return found;
  },
  createClient: () => new EchoClient(),
};

class EchoClient implements ServiceClient<EchoSpec> {
  answersProbe({ url }: ServiceUse<EchoSpec>): Probe {
    return {
      description: `Echo at ${new URL(url).host} answers`,
      check: () => ask(url, 'hello').then(() => ready, fatalIfRefused),
    };
  }

  readyProbe({ url, spec }: ServiceUse<EchoSpec>): Probe {
    return {
      description: `${spec.members} members`,
      async check() {
        const members = Number(await ask(url, 'count'));
        return members >= spec.members ? ready : pending(`${members} members, wanted ${spec.members}`);
      },
    };
  }

  endpointOf({ url }: ServiceUse<EchoSpec>) {
    const { hostname, port } = new URL(url);
    return { host: hostname, port: Number(port) };
  }

  async describeNow(uses: readonly ServiceUse<EchoSpec>[]): Promise<readonly string[]> {
    return Promise.all(uses.map(async ({ url }) => `echo: ${await ask(url, 'count')} members`));
  }

  operations(url: string) {
    return { say: (text: string) => ask(url, text) };
  }

  async close(): Promise<void> {}
}

function fatalIfRefused(error: NodeJS.ErrnoException) {
  return fatal(`nothing listens there (${error.code})`);
}

function ask(url: string, line: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${line}\n`));
    socket.on('error', reject);
    createInterface(socket)
      .on('line', answer => {
        resolve(answer);
        socket.destroy();
      })
      .on('error', reject);
  });
}
