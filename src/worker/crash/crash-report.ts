import type { EffectsSince, NotedEffect, Reached } from '../../tap/hold/hold-messages.ts';

export type { CrashPoint } from '../../tap/hold/crash-point.ts';
export { describeEffect } from '../../tap/hold/describe-effect.ts';
export { type EffectSight, isBackground } from '../../tap/hold/effect.ts';
export type { EffectsSince, NotedEffect, Reached };
