import type { ProcessEntry } from './process-entry.ts';
import type { ProcessReader } from './process-reader.ts';
import type { runPs } from './run-ps.ts';

interface PsLine {
  readonly entry: ProcessEntry;
  /** The command, and behind it the environment where the user may see it. */
  readonly text: string;
}

const columns = ['pid', 'ppid', 'pgid', 'sess', 'stat', 'lstart', 'command'].map(name => `${name}=`).join();
const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s?(.*)$/;

/** Reads what `ps` prints on macOS and the BSDs. It shows no open files, and sessions only on some systems. */
export function createPsReader(run: typeof runPs): ProcessReader {
  let table = new Map<number, PsLine>();

  function readOne(pid: number): PsLine | undefined {
    return parse(run(['-wwE', '-o', columns, '-p', String(pid)]))?.get(pid);
  }

  function textOf(pid: number): string {
    return (table.get(pid) ?? readOne(pid))?.text ?? '';
  }

  return {
    source: 'ps',
    list() {
      const lines = parse(run(['-axwwE', '-o', columns]));
      table = lines ?? new Map();
      return lines && [...lines.values()].map(({ entry }) => entry);
    },
    entry: pid => readOne(pid)?.entry,
    commandLine: pid => parse(run(['-ww', '-o', columns, '-p', String(pid)]))?.get(pid)?.text ?? '',
    environment: pid => `\0${textOf(pid).replaceAll(' ', '\0')}\0`,
    limitMark: () => undefined,
    writesTo: () => false,
  };
}

/** Undefined when not one line is a process: then it was no table. */
function parse(text: string | undefined): Map<number, PsLine> | undefined {
  const lines = (text ?? '').split('\n').flatMap(raw => {
    const fields = line.exec(raw);
    return fields ? [parseLine(fields)] : [];
  });
  return lines.length === 0 ? undefined : new Map(lines.map(parsed => [parsed.entry.pid, parsed]));
}

/** macOS prints an address, or 0, for the session: then the group has to do. */
function parseLine(fields: RegExpExecArray): PsLine {
  const [, pid, parent, group, session, state = '', started = '', text = ''] = fields;
  return {
    entry: {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: /^[1-9]\d*$/.test(session ?? '') ? Number(session) : Number(group),
      state: state.slice(0, 1),
      startTime: Date.parse(`${started} UTC`) / 1_000,
    },
    text: text.trim(),
  };
}
