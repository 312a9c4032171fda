import type { TimeWindow } from '../view/time-window.ts';

/** In pixels. */
export const laneHeight = 24;
export const rulerHeight = 22;
export const labelWidth = 150;

/** Where which time is. */
export interface AxisGeometry {
  readonly window: TimeWindow;
  readonly width: number;
}

export function xAt({ window: { fromMs, toMs }, width }: AxisGeometry, atMs: number): number {
  return labelWidth + ((atMs - fromMs) / (toMs - fromMs)) * (width - labelWidth);
}

export function timeAt({ window: { fromMs, toMs }, width }: AxisGeometry, x: number): number {
  return fromMs + ((x - labelWidth) / Math.max(1, width - labelWidth)) * (toMs - fromMs);
}
