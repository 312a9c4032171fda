import type { HeldSlots } from '../slots/held-slots.ts';
import type { ServerHoldings } from './server-holdings.ts';
import type { SlotHoldings } from './slot-holdings.ts';

/** The slots of a run; what makes them is loaded when the first is asked for. */
export function lateSlots(
  note: (text: string) => void,
  servers: Pick<ServerHoldings, 'settingsOf' | 'isGone'>,
  clear: (names: readonly string[]) => Promise<void>,
): SlotHoldings {
  let loading: Promise<HeldSlots> | undefined;
  const load = async () => {
    const { HeldSlots } = await import('../slots/held-slots.ts');
    return new HeldSlots(note, servers, clear);
  };
  return {
    async take(...order) {
      loading ??= load();
      return (await loading).take(...order);
    },
    hand: (from, to) => void loading?.then(slots => slots.hand(from, to)),
    keep: async user => (await loading)?.keep(user),
    end: user => void loading?.then(slots => slots.end(user)),
    stop: async () => (await loading)?.stop() ?? [],
  };
}
