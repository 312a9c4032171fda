import type { WorkerModel } from '../model.ts';
import { element } from './element.ts';

/** How the workers of a test were launched, what their probes answered last, and where all of their output is. */
export function describeWorkers(workers: readonly WorkerModel[]): HTMLElement {
  return element(
    'section',
    { class: 'workers', 'aria-label': 'Workers' },
    workers.map(({ name, scope, command, cwd, probes, logPaths, states }) =>
      element('details', {}, [
        element(
          'summary',
          {},
          `worker "${name}"${scope === 'run' ? ', shared by the run' : ''}: ${states.map(({ state }) => state).join(' → ') || 'not started'}`,
        ),
        element('dl', {}, [
          ...(command ? line('command', command.join(' ')) : []),
          ...(cwd === undefined ? [] : line('cwd', cwd)),
          ...probes.flatMap(({ probe, answer, why }) =>
            line(`probe: ${answer}`, `${probe}${why === undefined ? '' : `: ${why}`}`),
          ),
          ...line('stdout', logPaths.stdout),
          ...line('stderr', logPaths.stderr),
        ]),
      ]),
    ),
  );
}

function line(term: string, text: string): readonly HTMLElement[] {
  return [element('dt', {}, term), element('dd', {}, text)];
}
