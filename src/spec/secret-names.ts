/** Not certificates: they are public, and the usual value is a path that a launch needs. */
const secretWords =
  /pass(?!env|thr|ive)|pwd|secret|token|key|credential|auth|private|cookie|session|dsn|signature/i;
const plainNames = new Set(['PWD', 'OLDPWD']);

/** True when the value of a variable or parameter with this name is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name) && !plainNames.has(name);
}
