import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { LiveWorkerError } from '../../errors.ts';
import type { RunModel } from '../model.ts';
import { isRunModel } from './model-schema.ts';

const mostBytes = 256 * 1024 * 1024;

/** The data of a report. @throws REPORT_IMPOSSIBLE where the file is no report, or one of another version */
export function readReport(path: string): RunModel {
  const packed = /<script type="application\/octet-stream" id="data">([\w+/=]*)<\/script>/.exec(
    readText(path),
  )?.[1];
  if (packed === undefined) throw noReport(path, 'it has no data of a run in it');
  const model = unpack(packed);
  if (!isRunModel(model)) throw noReport(path, 'its data are cut off, or of another version of this package');
  return model;
}

function unpack(packed: string): unknown {
  try {
    return JSON.parse(
      gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostBytes }).toString('utf8'),
    );
  } catch {
    return undefined;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw noReport(path, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

function noReport(path: string, why: string): LiveWorkerError {
  return new LiveWorkerError('REPORT_IMPOSSIBLE', `Cannot read the report "${path}": ${why}`, {
    details: { path, why },
  });
}
