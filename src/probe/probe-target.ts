import type { LogProbeOptions, ProbeSpecOf } from '../options/probe-options.ts';

/** What a probe asks, for the explanation of why it was not satisfied; no text of it holds a secret. */
export type ProbeTarget =
  | {
      readonly kind: 'log';
      readonly pattern: LogProbeOptions['pattern'];
      readonly stream: ProbeSpecOf<'log'>['stream'];
    }
  | {
      readonly kind: 'http';
      readonly host: string;
      readonly port: number;
      /** The statuses, in words. */
      readonly wanted: string;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'file' | 'socket';
      readonly path: string;
      /** As it was written. */
      readonly asked: string;
    }
  | { readonly kind: 'notify' | 'command' | 'module' | 'service' };
