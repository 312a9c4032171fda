import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput } from '../find-in-output.ts';
import { findSetting } from '../find-setting.ts';

/** What Redis told the worker when it refused a command, in the words of any client. */
export function toldByRedis(evidence: Evidence): Cause | undefined {
  const [match] = findAllInOutput(evidence, spoken);
  const refusal = match && refusals.find(([pattern]) => pattern.test(match[0]));
  if (!match || !refusal) return undefined;
  const setting = findSetting('redis', match[0], evidence);
  return {
    text: [`Redis told it: ${match[0].replace(/["'}\])\s]+$/, '')}`, ...setting.lines].join('\n'),
    change: [refusal[1](setting.name)],
  };
}

type Refusal = readonly [RegExp, (setting: string) => string];

const refusals: readonly Refusal[] = [
  [
    /WRONGPASS .*|invalid username-password pair.*|ERR invalid password.*/,
    setting => `correct the user and the password in ${setting}`,
  ],
  [
    /NOAUTH .*|Authentication required\.?/,
    setting => `give the password in ${setting}: redis://:PASSWORD@host:port`,
  ],
  [
    /(?:ERR )?AUTH .*called without any password configured.*/,
    setting => `take the password out of ${setting}: that server wants none`,
  ],
  [/NOPERM .*/, setting => `ACL SETUSER with what it needs, or correct the user in ${setting}`],
  [
    /(?:ERR )?(?:DB index is out of range|invalid DB index).*/,
    setting => `correct the number of the database in ${setting}; the server has 16 unless told`,
  ],
  [/READONLY .*/, setting => `correct ${setting}: it leads to a replica, which takes no writes`],
  [
    /(?:LOADING )?(?:Redis|Valkey) is loading the dataset.*/,
    () => 'let the worker try again until the server has read its data',
  ],
  [
    /MISCONF .*/,
    () => 'free space where the server writes its snapshots, or CONFIG SET stop-writes-on-bgsave-error no',
  ],
  [/OOM command not allowed.*/, () => 'raise maxmemory of the server, or delete what is not needed'],
  [
    /(?:ERR )?max number of clients reached.*/,
    () => 'close connections that are not needed, or raise maxclients',
  ],
  [/(?:CLUSTERDOWN|CROSSSLOT|MOVED|MASTERDOWN) .*/, setting => `use a cluster client, or correct ${setting}`],
  [
    /Redis version needs to be greater or equal than \S+.*/,
    setting => `start a newer server, or correct ${setting}`,
  ],
];

/** A word in capitals is Redis's own only where such an answer begins. */
const spoken = new RegExp(
  `(?:(?<=(?:^|[:('"\\s-])-?)(?:${refusals.map(([{ source }]) => source).join('|')}))`,
);
