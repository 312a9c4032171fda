import { dirname } from 'node:path';
import { type CoverageFolder, coverageFolder } from '../../coverage/coverage-folder.ts';
import { readInterpreters } from '../../coverage/python/interpreters.ts';
import { listWriters } from '../../coverage/written-files.ts';
import { hasReporter } from '../../records/reporter-mark.ts';
import { notice } from '../../text/notice.ts';
import { explainMissing, type WrittenCoverage } from '../../worker/coverage/explain-missing.ts';
import { TakeMeter } from '../../worker/coverage/take-meter.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import { addToSandbox } from './add-to-sandbox.ts';
import { countByBabel } from './count-by-babel.ts';
import { type CoverageConfig, coverageFilter, type ProjectConfig } from './covered-config.ts';
import type { FileMeter } from './file-meter.ts';
import { sayOnce } from './say-once.ts';

/** Measures the workers of one test file. */
export function openFileCoverage(config: CoverageConfig, project: ProjectConfig): FileMeter {
  const meter = new TakeMeter();
  return {
    meter,
    async finish(workers, { sandbox, folder }) {
      const run = dirname(folder);
      for (const { spec } of workers)
        if (spec.coverage && spec.attach) sayOnce(run, startedElsewhere(spec.name));
      const measured = workers.flatMap(measuredWorker);
      for (const { worker, written } of measured) tell(worker, written, { meter, run });
      if (config.coverageProvider === 'v8') {
        if (measured.length > 0 && !hasReporter()) sayOnce(run, reporterMissing);
        return;
      }
      for (const { worker, written } of measured) tellOfLatePython(worker, written, run);
      const counted = await countByBabel(
        measured.map(({ coverage }) => coverage),
        { project, isWanted: coverageFilter(config, project), say: text => sayOnce(run, text) },
      );
      addToSandbox(sandbox, counted, project.rootDir);
    },
  };
}

const reporterMissing =
  "no coverage of workers: with coverageProvider: 'v8' the reporter adds it; add 'jest-environment-live-worker/reporter' to reporters";

/** By LIVE_WORKER_ATTACH: in the configuration it is a mistake. */
function startedElsewhere(worker: string): string {
  return `no coverage of worker "${worker}": what is attached to was started without being measured`;
}

interface MeasuredWorker {
  readonly worker: SessionWorker;
  readonly coverage: CoverageFolder;
  readonly written: WrittenCoverage;
}

/** Nothing of a worker that was not launched. */
function measuredWorker(worker: SessionWorker): readonly MeasuredWorker[] {
  const plan = worker.prepared?.plan;
  const node = plan?.env.NODE_V8_COVERAGE;
  if (node === undefined || plan?.provenance.NODE_V8_COVERAGE?.layer !== 'coverage') return [];
  const coverage = coverageFolder(dirname(node));
  return [{ worker, coverage, written: readWritten(coverage) }];
}

function readWritten(folder: CoverageFolder): WrittenCoverage {
  const interpreters = readInterpreters(folder.python);
  const measured = interpreters.filter(({ packages }) => packages !== undefined);
  const lacking = interpreters.filter(({ packages }) => packages === undefined);
  return {
    ...listWriters(folder),
    measuredPythons: new Set(measured.map(({ pid }) => pid)),
    lackingPythons: [...new Set(lacking.map(({ executable }) => executable))],
  };
}

function tell(
  { spec }: SessionWorker,
  written: WrittenCoverage,
  { meter, run }: { readonly meter: TakeMeter; readonly run: string },
): void {
  for (const { text, isGeneral } of explainMissing(spec.name, meter.of(spec.name), written)) {
    if (isGeneral) sayOnce(run, text);
    else notice(text);
  }
}

/** Jest takes what Babel counted with the results of each test file, and a Python of the run writes when the last one is over. */
function tellOfLatePython({ spec }: SessionWorker, { measuredPythons }: WrittenCoverage, run: string): void {
  if (spec.scope !== 'run' || spec.attach || measuredPythons.size === 0) return;
  sayOnce(
    run,
    `no coverage of the Python of worker "${spec.name}": with scope "run" it writes when the run is over, which counts with coverageProvider: 'v8' alone`,
  );
}
