import { basename, delimiter } from 'node:path';

/** What a worker keeps of a variable of Node, and what it does not get. */
export interface SplitNodeOptions {
  readonly kept: string;
  readonly rest: string;
}

const hooks: Readonly<Record<string, readonly string[]>> = {
  '-r': ['.pnp.cjs', '.pnp.js'],
  '--require': ['.pnp.cjs', '.pnp.js'],
  '--loader': ['.pnp.loader.mjs'],
  '--experimental-loader': ['.pnp.loader.mjs'],
  '--import': ['.pnp.loader.mjs'],
};

/**
 * NODE_OPTIONS in two: what makes Node find the packages of a Yarn project with PnP, and everything else. Words are separated by spaces, and by none between
 * double quotes, as Node has it.
 */
export function splitNodeOptions(text: string): SplitNodeOptions {
  const kept: string[] = [];
  const rest: string[] = [];
  const words = text.match(/(?:"(?:\\.|[^"\\])*"?|[^\s"])+/g) ?? [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, joined, value = ''] = /^(--?[\w-]+)=(.*)$/s.exec(word) ?? [];
    const next = words[index + 1] ?? '';
    if (joined !== undefined) (isHook(joined, value) ? kept : rest).push(word);
    else if (isHook(word, next)) {
      kept.push(word, next);
      index += 1;
    } else rest.push(word);
  }
  return { kept: kept.join(' '), rest: rest.join(' ') };
}

/** NODE_PATH in two: pnpm's `node_modules/.bin/jest` adds the packages of Jest, which a worker must not find. */
export function splitNodePath(text: string): SplitNodeOptions {
  const folders = text.split(delimiter);
  const isPnpm = (folder: string) => /[\\/]node_modules[\\/]\.pnpm[\\/]/.test(folder);
  return {
    kept: folders.filter(folder => !isPnpm(folder)).join(delimiter),
    rest: folders.filter(isPnpm).join(delimiter),
  };
}

function isHook(option: string, value: string): boolean {
  const path = value.replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  return hooks[option]?.includes(basename(path)) ?? false;
}
