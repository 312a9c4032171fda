import { LiveWorkerError } from '../errors.ts';
import type { FoundUrl, UrlPlace } from './service.ts';
import { UnusableUrl } from './unusable-url.ts';

/** The URL a probe gives, or the first of the variables that is set. */
export function findUrl(
  url: string | undefined,
  variables: readonly string[],
  { env, where }: UrlPlace,
): FoundUrl | undefined {
  if (url !== undefined) return { url, origin: `${where}.url` };
  const name = variables.find(candidate => env[candidate]);
  return name === undefined ? undefined : { url: env[name] as string, origin: name };
}

/**
 * @param isMeant true for a value that looks like such a URL
 * @throws ENV_MISSING
 */
export function urlMissing(
  variables: readonly string[],
  { env, where }: UrlPlace,
  isMeant: (value: string) => boolean,
): never {
  const similar = Object.keys(env).filter(name => isMeant(env[name] ?? ''));
  throw new LiveWorkerError(
    'ENV_MISSING',
    [
      `Cannot tell which server ${where} is about: the worker's environment has none of ${variables.join(', ')}`,
      similar.length === 0
        ? `Set one in the worker's env file or env, or give ${where}.url`
        : `It has ${similar.join(', ')}: give ${where}.url as '\${${similar[0]}}'`,
    ].join('\n'),
    { details: { where, variables, similar } },
  );
}

/**
 * What `parse` makes of a URL. The reason it is refused for may quote the URL's scheme but never the URL, which holds a
 * password.
 *
 * @param parse throws an UnusableUrl where it can say what is wrong
 * @throws OPTIONS_INVALID
 */
export function checkUrl<T>(
  { url, origin }: FoundUrl,
  { env, where }: UrlPlace,
  parse: (url: string) => T,
): T {
  try {
    return parse(url);
  } catch (error) {
    const reason = error instanceof UnusableUrl ? error.message : 'it is no URL';
    const name = origin in env ? undefined : Object.keys(env).find(candidate => env[candidate] === url);
    const source = name === undefined ? origin : `${origin}, the value of ${name},`;
    throw new LiveWorkerError('OPTIONS_INVALID', `Cannot use ${source} for ${where}: ${reason}`, {
      details: { where, origin },
    });
  }
}
