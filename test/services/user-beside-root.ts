import type { GuardedUser } from './guarded-plan.ts';
import { runToEnd } from './run-to-end.ts';

/** Postgres refuses to run as root; undefined where we are not root. */
export async function userBesideRoot(): Promise<GuardedUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await userNamed('postgres')) ?? (await userNamed('nobody'));
}

async function userNamed(name: string): Promise<GuardedUser | undefined> {
  const [user, group] = await Promise.all([runToEnd('id', ['-u', name]), runToEnd('id', ['-g', name])]);
  if (!user.succeeded || !group.succeeded) return undefined;
  return { uid: Number(user.output), gid: Number(group.output) };
}
