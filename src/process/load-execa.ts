/** execa is an ES module and takes 90 ms to load: it is fetched once, and early, by whoever will spawn. */
export function loadExeca(): Promise<typeof import('execa', { with: { 'resolution-mode': 'import' }})> {
  loading ??= import('execa');
  return loading;
}

let loading: ReturnType<typeof loadExeca> | undefined;
