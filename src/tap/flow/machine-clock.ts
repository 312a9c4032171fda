/** Milliseconds of the clock that all processes and threads of a machine share, and that never goes back. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
