import type { LaunchPlan } from '../plan.ts';

/** The shell that runs a script. The script is handed on as it is: variables in it are the shell's business. */
export function shellCommand(
  script: string,
  { env, platform }: { readonly env: Readonly<Record<string, string>>; readonly platform: NodeJS.Platform },
): Pick<LaunchPlan, 'file' | 'args' | 'executable'> {
  const windows = platform === 'win32';
  const file = windows ? (env.ComSpec ?? 'C:\\Windows\\System32\\cmd.exe') : '/bin/sh';
  const args = windows ? ['/d', '/s', '/c', script] : ['-c', script];
  return { file, args, executable: { rule: 'shell', asked: script, tried: [file] } };
}
