import type { RunModel } from '../model.ts';

/** The data of the report, out of the page itself: gzip in base64. @throws where the browser cannot unpack it */
export async function loadModel(): Promise<RunModel> {
  const packed = document.getElementById('data')?.textContent ?? '';
  const bytes = Uint8Array.from(atob(packed), character => character.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(unpacked).json()) as RunModel;
}
