/** The part of the run that the axis shows; milliseconds. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const shortestMs = 1;

/** Longer or shorter by a factor, with a moment staying where it is; never beyond the run. */
export function zoom(window: TimeWindow, factor: number, aroundMs: number, wholeMs: number): TimeWindow {
  const span = Math.min(
    Math.max(shortestMs, (window.toMs - window.fromMs) * factor),
    Math.max(shortestMs, wholeMs),
  );
  const share = (aroundMs - window.fromMs) / (window.toMs - window.fromMs || 1);
  return moved({ fromMs: aroundMs - share * span, toMs: aroundMs + (1 - share) * span }, 0, wholeMs);
}

/** Later or earlier, as far as the run goes. */
export function moved({ fromMs, toMs }: TimeWindow, byMs: number, wholeMs: number): TimeWindow {
  const span = toMs - fromMs;
  const from = Math.max(0, Math.min(fromMs + byMs, Math.max(0, wholeMs - span)));
  return { fromMs: from, toMs: from + span };
}

/** Round moments, some hundred pixels from each other. */
export function ticksOf(
  { fromMs, toMs }: TimeWindow,
  width: number,
): readonly { readonly atMs: number; readonly label: string }[] {
  const wanted = ((toMs - fromMs) / Math.max(1, width)) * 110;
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 0.001)));
  const step =
    [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= wanted) ?? power * 10;
  const ticks: { atMs: number; label: string }[] = [];
  for (let index = Math.ceil(fromMs / step); index * step <= toMs; index += 1) {
    const atMs = index * step;
    ticks.push({
      atMs,
      label:
        step >= 1_000
          ? `${atMs / 1_000} s`
          : `${(atMs / 1_000).toFixed(step >= 100 ? 1 : step >= 10 ? 2 : 3)} s`,
    });
  }
  return ticks;
}
