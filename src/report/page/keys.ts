import type { TestList } from './test-list.ts';

export interface KeyTargets {
  readonly list: TestList;
  readonly go: (id: string | undefined) => void;
}

/** Keys that work wherever the focus is, but for a field one writes in. */
export function listenForKeys({ list, go }: KeyTargets): void {
  addEventListener('keydown', event => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) {
      if (key === 'Escape') (target as HTMLElement).blur();
      return;
    }
    if (key === '/') list.search.focus();
    else if (key === 'Escape') go(undefined);
    else if (key === 'n' || key === 'p') go(nextFailed(list, key === 'n' ? 1 : -1));
    else return;
    event.preventDefault();
  });
}

/** Begins at the other end after the last one. */
function nextFailed({ entries }: TestList, step: number): string | undefined {
  const failed = entries.filter(({ test, file, isHeading }) =>
    isHeading ? file.failures.length > 0 : test?.outcome === 'failed' || test?.outcome === 'cut off',
  );
  const now = failed.findIndex(({ id }) => location.hash === `#test=${id}`);
  const next = now < 0 ? (step > 0 ? 0 : -1) : now + step;
  return failed.at(next % Math.max(1, failed.length))?.id;
}
