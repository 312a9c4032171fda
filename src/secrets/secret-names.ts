/** Not certificates: they are public, and the usual value is a path that a launch needs. */
const secretWords =
  /pass(?!env|thr|ive)|pwd|secret|token|key|credential|auth(?!or(?!iz))|private|cookie|session|dsn|signature/i;
/** Narrower, for words of a text: `sort_key=name`, `passed: 3` and `token_ttl: 4096` are no secrets. */
export const textWords =
  /(?<!by|com)pass(?!env|thr|ive|ed|es\b|ing\b|enger|age)|pwd|secret|token(?!s\b|ize|_count|_type)|credential|(?:api|access|account|private|ssl|signing|encryption)[_-]?key/i;
const measures = /ttl|time(?:out)?|limit|count|expir|interval|length|size|[_-]ms$|seconds$/i;
const plainNames = new Set(['PWD', 'OLDPWD']);

/** Words that stand in too many texts to be hidden, and protect nothing when they are passwords. */
const commonWords = new Set(
  'admin,false,guest,localhost,mysql,none,null,password,postgres,rabbitmq,redis,root,secret,test,true,user,wayland'.split(
    ',',
  ),
);

/** True when the value of a variable or parameter with this name must not be shown. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name) && !plainNames.has(name);
}

/** The same for a name that stands somewhere in a text; one in capitals is taken for that of a variable. */
export function isSecretWord(name: string): boolean {
  if (plainNames.has(name)) return false;
  return (
    (textWords.test(name) && !measures.test(name)) || (/^[A-Z][A-Z\d_]*$/.test(name) && isSecretName(name))
  );
}

export function isCommonWord(word: string): boolean {
  return commonWords.has(word.toLowerCase());
}
