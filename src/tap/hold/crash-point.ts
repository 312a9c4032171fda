import { describeEffect } from './describe-effect.ts';
import { type Effect, type EffectKind, effectSight, isBackground } from './effect.ts';

/** A text that is in it, whatever its case and spaces, or a RegExp. */
type StatementPattern = string | { readonly source: string; readonly flags: string };

/** Where a worker is to crash: at the `nth` effect of a kind from now on. */
export interface CrashPoint {
  readonly when: 'before' | 'after';
  readonly effect: EffectKind;
  readonly nth: number;
  /** Of a delivery and an acknowledgement; of a publication the routing key. */
  readonly queue?: string;
  readonly exchange?: string;
  /** As `describeEffect` names it: one step of what a worker did before. */
  readonly name?: string;
  /** One of those that are committed. */
  readonly statement?: StatementPattern;
}

export type WantedEffect = Omit<CrashPoint, 'when' | 'nth'>;

export function isWanted(effect: Effect, wanted: WantedEffect): boolean {
  if (effect.kind !== wanted.effect || isBackground(effect)) return false;
  if (wanted.name !== undefined && describeEffect(effectSight(effect)) !== wanted.name) return false;
  const place = effect.kind === 'publish' ? effect.routingKey : effect.queue;
  if (wanted.queue !== undefined && place !== wanted.queue) return false;
  if (wanted.exchange !== undefined && effect.exchange !== wanted.exchange) return false;
  const { statement } = wanted;
  return statement === undefined || (effect.statements ?? []).some(sql => isMatch(sql, statement));
}

function isMatch(sql: string, pattern: StatementPattern): boolean {
  if (typeof pattern === 'string') return oneLine(sql).includes(oneLine(pattern));
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(sql);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
