import { basename } from 'node:path';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';

/** Programs that write at once, by themselves or by what live-worker sets for them. */
const writesAtOnce = /^(?:node|deno|bun|java|dotnet|go|php|python|pypy|sh|bash|dash|zsh)[\d.]*$/;

const remedies: readonly { readonly program: RegExp; readonly remedy: string }[] = [
  { program: /^perl[\d.]*$/, remedy: 'write $| = 1; at the beginning of the Perl program' },
  { program: /^j?ruby[\d.]*$/, remedy: 'write $stdout.sync = true at the beginning of the Ruby program' },
  { program: /^[gmn]?awk$/, remedy: 'call fflush() after each line that awk prints' },
];

/**
 * setvbuf(3): what is no terminal is written to in blocks of some kilobytes. Said only where a log probe waits for a line and
 * no line of stdout came.
 */
export function outputBuffered(evidence: Evidence): Cause | undefined {
  const { failure, probes, output } = evidence;
  const isWaited = probes.some(
    ({ probe, answer }) => answer?.kind !== 'ready' && /^(?:output|stdout) holds /.test(probe),
  );
  if (failure.kind !== 'timeout' || !isWaited || output.stdout.length > 0) return undefined;
  const isolated = isolatedPython(evidence);
  if (isolated !== undefined)
    return buffered(
      'Python',
      `it runs with ${isolated}, which ignores PYTHONUNBUFFERED`,
      'give it -u as well',
    );
  const programs = programsOf(evidence);
  for (const { program, remedy } of remedies) {
    const found = programs.find(name => program.test(name));
    if (found !== undefined) return buffered(found, 'its output is a file', remedy);
  }
  const [own = ''] = programs;
  if (own === '' || writesAtOnce.test(own)) return undefined;
  return buffered(
    own,
    'its output is a file',
    'flush after each line, or put stdbuf -oL before it in command',
  );
}

function buffered(program: string, why: string, remedy: string): Cause {
  return {
    text: `nothing came on stdout: ${program} may keep its lines in a buffer, because ${why}; or it hangs`,
    change: [remedy],
  };
}

function programsOf({ interpreter, command, tree }: Evidence): readonly string[] {
  const words = [
    interpreter?.path ?? command[0] ?? '',
    ...tree.map(entry => entry.command.split(' ')[0] ?? ''),
  ];
  return words.map(word => basename(word)).filter(name => name !== '');
}

/** Options before the script: `-E` and `-I` let the interpreter look at no variable. */
function isolatedPython({ interpreter, command }: Evidence): string | undefined {
  if (!interpreter?.isPython) return undefined;
  const words = command.slice(1);
  const script = words.findIndex(word => !word.startsWith('-') || /^-[A-Za-z]*[mc]$/.test(word));
  const options = script === -1 ? words : words.slice(0, script);
  if (options.some(word => /^-[A-Za-z]*u/.test(word))) return undefined;
  return options.find(word => /^-[A-Za-z]*[EI]/.test(word));
}
