import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { exitOf } from '../exit-of.ts';
import { findInOutput } from '../find-in-output.ts';
import { uncaughtError } from './uncaught.ts';

export function missingLibrary(evidence: Evidence): Cause | undefined {
  const library = findInOutput(evidence, /(\S+\.so[\w.]*): cannot open shared object file/)?.[1];
  if (library !== undefined) {
    return {
      text: `the shared library ${library} is not installed, or not where the loader looks`,
      change: ["install the system package that has it, or set LD_LIBRARY_PATH in the worker's env"],
    };
  }
  const version = findInOutput(
    evidence,
    /version [`'"]((?:GLIBC|GLIBCXX|CXXABI|MUSL)[\w.]*)[`'"] not found/,
  )?.[1];
  if (version === undefined) return undefined;
  return {
    text: `it was built for a newer system: this one's libraries have no ${version}`,
    change: ['build or install it on this system, or run it where it was built for'],
  };
}

/** A shell says 137 when its child was killed. */
export function killed(evidence: Evidence): Cause | undefined {
  const exit = exitOf(evidence);
  if (exit?.signal !== 'SIGKILL' && exit?.code !== 137) return undefined;
  const what =
    exit.code === 137
      ? 'code 137 is what a shell answers when its program was killed by SIGKILL, which live-worker did not send'
      : 'it was killed by SIGKILL, not by live-worker';
  const { memoryKills } = evidence;
  if (memoryKills === undefined) return { text: what, change: [lookForSender] };
  const counter = `the kernel's out-of-memory counter of ${memoryKills.of === 'machine' ? 'this machine' : 'its control group'}`;
  if (memoryKills.count > 0) {
    return {
      text: `${what}; ${counter} rose by ${memoryKills.count} since the worker was started`,
      change: [
        'give the machine or its container more memory, or the worker less to do: fewer processes, fewer parallel test files',
      ],
    };
  }
  return { text: `${what}; ${counter} did not rise`, change: [lookForSender] };
}

const lookForSender =
  'find what sends it: a timeout command, a supervisor, a script with pkill, a limit of the container';

/** The codes of POSIX shells, which env, nohup and timeout answer too. */
export function refusedByShell(evidence: Evidence): Cause | undefined {
  const code = exitOf(evidence)?.code;
  if ((code !== 126 && code !== 127) || missingLibrary(evidence)) return undefined;
  const line = findInOutput(evidence, code === 127 ? notFound : notExecutable)?.input;
  // escript, for one, ends with 127 when its script fails.
  if (line === undefined && uncaughtError(evidence)) return undefined;
  const what =
    code === 127
      ? 'code 127 is what a shell answers when it finds no such program'
      : 'code 126 is what a shell answers when it cannot execute a program';
  return {
    text: line === undefined ? what : `${what}: ${line.trim()}`,
    change: [
      code === 127
        ? "name it by its path, or add its folder to PATH in the worker's env"
        : 'chmod +x it, or correct its first line',
    ],
  };
}

const notFound = /: (?:(?:command )?not found|No such file or directory)$|command not found: /;
const notExecutable =
  /: (?:Permission denied|cannot execute|Is a directory|Exec format error|bad interpreter)/;

/** A shell in a terminal has an input that goes on, so there it lives. */
export function inputEnded(evidence: Evidence): Cause | undefined {
  const { stdin, output, tree } = evidence;
  if (stdin === 'pipe' || exitOf(evidence)?.code !== 0 || tree.length > 0) return undefined;
  const line = findInOutput(evidence, saysInputEnded)?.input.trim();
  if (line === undefined && output.stdout.length + output.stderr.length > 0) return undefined;
  return {
    text:
      line === undefined
        ? 'it ended without a word: it had nothing to do, or it ends when its standard input does, which is empty'
        : `its standard input is empty, and it ends with that: ${line}`,
    change: [
      `set stdin: 'pipe' on the worker, which keeps its input open, and check that its arguments name something to do`,
    ],
  };
}

const saysInputEnded =
  /\b(?:stdin|standard input)\b.{0,40}\b(?:closed|ended|eof|end of file)\b|\b(?:eof|end of file|end of input)\b.{0,20}\b(?:stdin|standard input)\b/i;

export function endedAsDone(evidence: Evidence): Cause | undefined {
  if (evidence.failure.kind !== 'exited' || exitOf(evidence)?.code !== 0) return undefined;
  if (inputEnded(evidence)) return undefined;
  if (evidence.tree.length > 0) {
    return {
      text: [
        'it turned itself into a daemon: the process that was started ended with code 0, and this is left of its tree',
        ...evidence.tree.slice(0, 4).map(({ pid, command }) => `  | pid ${pid}: ${command}`),
      ].join('\n'),
      change: [
        'keep it in the foreground: leave out --detach, --daemon, nohup and &, or set its option for it',
      ],
    };
  }
  return {
    text: 'it had nothing to do, or it turned itself into a daemon; nothing is left of its tree',
    change: [
      'run a command that goes on until it is stopped, and check that its arguments name something to do',
    ],
  };
}

export function wroteNothing({ failure, output }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout' || output.stdout.length + output.stderr.length > 0) return undefined;
  return {
    text: 'it wrote nothing, and is not seen to be inside of anything',
    change: ['let it log its start step by step, or give it more time by startTimeoutMs'],
  };
}
