import type { V8Result } from '../../coverage/node/as-v8-result.ts';
import { notice } from '../../text/notice.ts';
import type { CoverageConfig, ProjectConfig } from './covered-config.ts';
import { loadCoverage } from './load-coverage.ts';

/** What Jest hands to a reporter of one test file, as far as it matters. */
export interface TestFileResult {
  /** Undefined of a file that loaded nothing that counts. */
  v8Coverage?: V8Result[] | undefined;
}

/** What the test files of a run have in Jest's own coverage, of V8. */
export class TestCoverage {
  readonly #loaded = new Set<string>();
  /** Jest keeps the very array until the run is complete, so what is added to it later counts. */
  #results: V8Result[] | undefined;

  note(file: TestFileResult): void {
    file.v8Coverage ??= [];
    this.#results ??= file.v8Coverage;
    for (const { result } of file.v8Coverage) this.#loaded.add(result.url);
  }

  /** Nothing that goes wrong here fails the run. */
  async addWorkers(projects: Iterable<{ readonly config: unknown }>, config: CoverageConfig): Promise<void> {
    if (!this.#results) return;
    try {
      await loadCoverage().addRunCoverage(projects as Iterable<{ readonly config: ProjectConfig }>, config, {
        results: this.#results,
        loadedByTests: this.#loaded,
      });
    } catch (error) {
      notice(`cannot count what workers ran: ${error instanceof Error ? error.message : error}`);
    }
  }
}
