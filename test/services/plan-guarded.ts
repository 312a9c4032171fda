import { planContainer } from '../../src/server/docker/plan-container.ts';
import { serverKinds } from '../../src/server/server-kinds.ts';
import type { PlannedServer, UnavailableServer } from '../../src/server/server-plan.ts';
import { repository } from '../end-to-end/harness/folders.ts';
import type { GuardedOrder } from './guarded-order.ts';

/** What is to be held for an order. */
export async function planGuarded(order: GuardedOrder): Promise<PlannedServer | UnavailableServer> {
  switch (order.kind) {
    case 'server': {
      const { planPrivate, planDocker } = serverKinds[order.server];
      const request = { env: process.env, rootDir: repository, places: [], isForSlots: order.isForSlots };
      const planned = await (order.way === 'private' ? planPrivate(request) : planDocker(request));
      return 'unavailable' in planned ? planned : withSettings(planned, order.settings);
    }
    case 'container':
      return planContainer(
        { ...order.image, url: port => `${order.scheme}://127.0.0.1:${port}` },
        process.env,
      );
    case 'plan':
      return { ...nameless, plan: order.plan };
    default:
      return order satisfies never;
  }
}

const nameless = { url: '', port: 0, places: [], source: 'plan', secrets: [], startLimitMs: 120_000 };

function withSettings(planned: PlannedServer, settings: Readonly<Record<string, string>>): PlannedServer {
  const { files, ...plan } = planned.plan;
  const more = Object.entries(settings).map(([name, lines]) => [name, `${files[name] ?? ''}${lines}\n`]);
  return { ...planned, plan: { ...plan, files: { ...files, ...Object.fromEntries(more) } } };
}
