import { format, type MeasuredRow } from './describe-rows.ts';
import { median } from './statistics.ts';

const width = 860;
const left = 300;
const barHeight = 18;
const titleHeight = 34;

/** The medians as bars, each row to its own scale; legible on light and dark. */
export function drawRows(rows: readonly MeasuredRow[]): string {
  let top = 10;
  const parts: string[] = [];
  for (const { row, measured } of rows) {
    const shown = measured.filter(({ values }) => values.length > 0);
    const longest = Math.max(...shown.map(({ values }) => Math.abs(median(values))), Number.MIN_VALUE);
    parts.push(`<text x="10" y="${top + 20}" class="title">${escapeText(`${row.what}, ${row.unit}`)}</text>`);
    top += titleHeight;
    for (const [index, { contender, values }] of shown.entries()) {
      const value = median(values);
      const length = Math.max(1, (Math.abs(value) / longest) * (width - left - 90));
      parts.push(
        `<text x="${left - 8}" y="${top + 13}" class="name">${escapeText(contender)}</text>`,
        `<rect x="${left}" y="${top + 2}" width="${length.toFixed(1)}" height="${barHeight - 6}" class="${index === 0 ? 'ours' : 'other'}"/>`,
        `<text x="${(left + length + 6).toFixed(1)}" y="${top + 13}">${format(value)}</text>`,
      );
      top += barHeight;
    }
    top += 8;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top + 6}" font-family="sans-serif" font-size="12" aria-labelledby="title">
<title id="title">jest-environment-live-worker beside what people use today: medians</title>
<style>text { fill: #57606a } .title { font-weight: bold } .name { text-anchor: end } .ours { fill: #1f883d } .other { fill: #8c959f }</style>
${parts.join('\n')}
</svg>
`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
