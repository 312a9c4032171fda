const secretWords = /pass|pwd|secret|token|key|credential|auth|private|cookie|session|dsn|cert|signature/i;
const plainNames = new Set(['PWD', 'OLDPWD']);

/** True when the value of a variable or parameter with this name is nobody's business. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name) && !plainNames.has(name);
}
