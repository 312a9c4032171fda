/** A terminal that was closed is no reason to leave servers behind. */
process.stderr.on('error', () => undefined);

/** Standard error, so that the command's own output stays its own. */
export function say(text: string): void {
  process.stderr.write(`services: ${text}\n`);
}
