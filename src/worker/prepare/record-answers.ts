import type { Probe, ProbeAnswer } from '../../probe/probe.ts';

/** A probe whose words change with every answer, a counter in them, must not fill the record. */
const mostAnswers = 30;

type Record = (event: string, fields: Readonly<{ [field: string]: unknown }>) => void;

/** Writes into the timeline what a probe answers when it is not what it answered before. */
export function recordAnswers(record: Record): (answer: ProbeAnswer, probe: Probe) => void {
  const told = new Map<string, { readonly text: string; readonly count: number }>();
  return (answer, { description }) => {
    const why = answer.kind === 'ready' ? undefined : answer.why;
    const { text, count } = told.get(description) ?? { text: '', count: 0 };
    const now = `${answer.kind} ${why}`;
    if (now === text || (count >= mostAnswers && answer.kind === 'pending')) return;
    told.set(description, { text: now, count: count + 1 });
    record('probe.answered', { probe: description, answer: answer.kind, why });
  };
}
