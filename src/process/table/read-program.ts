/** How long one program may take to become another, in milliseconds: the kernel reads its file meanwhile. */
const limitMs = 100;
const pauseMs = 0.2;

/** PF_EXITING and PF_KTHREAD of linux/sched.h: these have no program and get none. */
const flagsWithout = 0x4 | 0x200000;

/**
 * Reads what the kernel shows of a process's program. In the midst of exec(2) the new one is there and its words are not, so
 * what is empty is read again for as long as that may take.
 */
export function readProgram(read: () => string, readStat: () => string): string {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const text = read();
    if (text !== '' || performance.now() > deadline || !hasProgram(readStat())) return text;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
}

function hasProgram(stat: string): boolean {
  const [state = '', , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== '' && state !== 'Z' && state !== 'X' && (Number(flags) & flagsWithout) === 0;
}
