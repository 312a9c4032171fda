import type { HeldServers, HeldServersOptions } from '../servers/held-servers.ts';
import type { ServerHoldings } from './server-holdings.ts';

/** The servers of a run; what starts them is loaded when the first is asked for. */
export function lateServers(options: HeldServersOptions): ServerHoldings {
  let loading: Promise<HeldServers> | undefined;
  let servers: HeldServers | undefined;
  const load = async () => {
    const { HeldServers } = await import('../servers/held-servers.ts');
    servers = new HeldServers(options);
    return servers;
  };
  return {
    async provide(...order) {
      loading ??= load();
      return (await loading).provide(...order);
    },
    untilUp: async user => (await loading)?.untilUp(user),
    end: user => servers?.end(user),
    settingsOf: url => servers?.settingsOf(url),
    isGone: url => servers?.isGone(url) ?? false,
    rest: async session => (await loading)?.rest(session) ?? { problems: [], keepForMs: undefined },
    beginRun: () => servers?.beginRun(),
    stopUnused: async (...which) =>
      (await loading)?.stopUnused(...which) ?? { workers: [], used: [], problems: [] },
    list: () => servers?.list() ?? [],
    stop: async () => (await loading)?.stop() ?? [],
  };
}
