const limitMs = 1_000;

/** Says goodbye, and cuts the connection when the server does not answer: one that is paused never would. Never throws. */
export async function closeInTime(close: () => Promise<unknown>, cut: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>(resolve => {
    timer = setTimeout(() => resolve(cut()), limitMs);
  });
  try {
    await Promise.race([close(), late]);
  } catch {
    // It was closed before.
  } finally {
    clearTimeout(timer);
  }
}
