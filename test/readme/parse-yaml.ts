import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';

interface YamlParser {
  parse(text: string, options: { readonly strict: boolean }): unknown;
}

/** By the parser knip brings along. */
export function parseYaml(text: string): unknown {
  const requireFromKnip = createRequire(join(repository, 'node_modules/knip/package.json'));
  const parser = requireFromKnip('yaml') as YamlParser;
  return parser.parse(text, { strict: true });
}
