const needs = ['rabbitmq', 'postgres', 'python', 'redis', 'nats', 'browser'] as const;

export type Need = (typeof needs)[number];

export interface ServicesRequest {
  readonly needs: readonly Need[];
  readonly command: readonly [string, ...string[]];
}

export function parseRequest(words: readonly string[]): ServicesRequest {
  const dashes = words.indexOf('--');
  const [executable, ...rest] = dashes < 0 ? [] : words.slice(dashes + 1);
  if (executable === undefined) {
    throw new Error(
      'Cannot run with services: no command; write with-services [--need A,B] -- COMMAND ARGS…',
    );
  }
  return { needs: parseNeeds(words.slice(0, dashes)), command: [executable, ...rest] };
}

function parseNeeds(words: readonly string[]): readonly Need[] {
  if (words.length === 0) return needs;
  const [flag, list, ...others] = words;
  if (flag !== '--need' || list === undefined || others.length > 0) {
    throw new Error(`Cannot run with services: "${words.join(' ')}" is not --need ${needs.join(',')}`);
  }
  return list.split(',').map(parseNeed);
}

function parseNeed(word: string): Need {
  const need = needs.find(known => known === word);
  if (need === undefined) {
    throw new Error(`Cannot run with services: --need knows ${needs.join(', ')}, not "${word}"`);
  }
  return need;
}
