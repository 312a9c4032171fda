import type { Measured, Row } from './row.ts';
import { median, percentile95 } from './statistics.ts';

export interface MeasuredRow {
  readonly row: Row;
  readonly measured: readonly Measured[];
}

/** One table for each row: median, 95th percentile, ratio to our own. */
export function describeRow({ row, measured }: MeasuredRow): string {
  const [ours] = measured;
  const lines = measured.map(one => {
    const middle = median(one.values);
    const ratio = one === ours || !ours ? Number.NaN : middle / median(ours.values);
    const cells = [
      one.contender,
      format(middle),
      format(percentile95(one.values)),
      !Number.isFinite(ratio) ? '' : `${format(ratio)}x`,
      one.note ?? '',
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `### ${row.what}`,
    '',
    `| ${row.name} | median, ${row.unit} | 95th percentile | to ours | |`,
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

export function format(value: number): string {
  if (Number.isNaN(value)) return '-';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
