import { stripVTControlCharacters } from 'node:util';

/**
 * Output as the README shows it: the project is `/app`, the run's name is nobody's business, and a worker that exits at
 * once may be gone before a probe has seen anything. Who else is connected to the broker is this machine's affair, as is
 * where the broker and Node are.
 */
export function comparable(output: string, folder = '/app'): string {
  return stripVTControlCharacters(output)
    .replaceAll(folder, '/app')
    .replace(/\.live-worker\/\d+-\d+(?:-[\da-f]{6})?/g, '.live-worker/RUN')
    .replace(/last seen: {2}.*/g, 'last seen:  …')
    .replace(/command: \S+\/node /g, 'command: node ')
    .replace(/(RabbitMQ at) \S+:\d+/g, '$1 BROKER')
    .replace(/python3\.\d+/g, 'python3.N')
    .replace(/pid \d+ \((\w+)\) was/g, 'pid N ($1) was')
    .replace(/(?:^ *\| pid \d+, for .*\n)+/gm, '    | pid …\n')
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}

/** What the README shows without the two spaces Jest sets everything in. */
export function asJestPrints(block: string): string {
  return comparable(block.trimEnd().replace(/^(?=.)/gm, '  '));
}
