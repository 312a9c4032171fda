/** Hides the passwords of URLs and of `password=`, `secret=`, `token=`; takes linear time. */
export function maskSecrets(text: string): string {
  return maskUserInfo(text).replace(/(passw(?:or)?d|secret|token)=[^&\s]+/gi, '$1=***');
}

function maskUserInfo(text: string): string {
  const scheme = text.indexOf('://');
  const end = text.lastIndexOf('@');
  const colon = text.indexOf(':', scheme + 3);
  return scheme < 0 || colon < 0 || end < colon ? text : `${text.slice(0, colon + 1)}***${text.slice(end)}`;
}
