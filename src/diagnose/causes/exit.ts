import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { exitOf } from '../exit-of.ts';
import { findInOutput } from '../quoted-output.ts';

export function missingLibrary(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, /(\S+\.so[\w.]*): cannot open shared object file/);
  if (!match) return undefined;
  return {
    text: `the shared library ${match[1]} is not installed, or not where the loader looks`,
    change: ["install the system package that has it, or set LD_LIBRARY_PATH in the worker's env"],
  };
}

/** A shell says 137 when its child was killed. */
export function killed(evidence: Evidence): Cause | undefined {
  const exit = exitOf(evidence);
  if (exit?.signal !== 'SIGKILL' && exit?.code !== 137) return undefined;
  if (evidence.memoryKills > 0) {
    return {
      text: 'the kernel ran out of memory: it has killed a process for it since the launch, and this one died of SIGKILL',
      change: [
        'give the machine or its container more memory, or the worker less to do: fewer processes, fewer parallel test files',
      ],
    };
  }
  return {
    text: "it was killed by SIGKILL, not by live-worker; the kernel's count of out-of-memory kills did not rise",
    change: [
      'look for whoever sends it: a timeout command, a supervisor, a script with pkill, a limit of the container',
    ],
  };
}

export function refusedByShell(evidence: Evidence): Cause | undefined {
  const code = exitOf(evidence)?.code;
  if (code !== 126 && code !== 127) return undefined;
  const line = findInOutput(
    evidence,
    code === 127 ? /.*not found.*/ : /.*(?:ermission denied|cannot execute|Is a directory).*/,
  )?.[0];
  const what =
    code === 127
      ? 'a shell in between found no such program (127)'
      : 'a shell in between could not execute the program (126)';
  return {
    text: line === undefined ? what : `${what}: ${line}`,
    change: [
      code === 127
        ? "name it by its path, or add its folder to PATH in the worker's env"
        : 'chmod +x it, or correct its first line',
    ],
  };
}

export function endedAsDone(evidence: Evidence): Cause | undefined {
  if (evidence.failure.kind !== 'exited' || exitOf(evidence)?.code !== 0) return undefined;
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

export function wroteNothing({ failure, output, interpreter }: Evidence): Cause | undefined {
  if (failure.kind !== 'timeout' || output.stdout.length + output.stderr.length > 0) return undefined;
  const busy = interpreter?.isPython
    ? 'an import, a lock or a connection attempt'
    : 'a start step, a lock or a connection attempt';
  return {
    text: `it wrote nothing: it may hang in ${busy}`,
    change: ['let it log its start step by step, or give it more time by startTimeoutMs'],
  };
}
