/** On paper there is nothing to open, or to scroll. */
export function expandForPrint(expandRows: () => () => void): void {
  let restore: readonly (() => void)[] = [];
  addEventListener('beforeprint', () => {
    const closed = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
    for (const details of closed) details.open = true;
    restore = [expandRows(), () => closed.forEach(close)];
  });
  addEventListener('afterprint', () => {
    for (const undo of restore) undo();
    restore = [];
  });
}

function close(details: HTMLDetailsElement): void {
  details.open = false;
}
