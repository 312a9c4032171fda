export function describeRefusal(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeRefusal(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as NodeJS.ErrnoException).code ?? error.name);
}

export async function withinTwoSeconds<T>(login: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('nothing within 2 s')), 2000);
  });
  try {
    return await Promise.race([login, tooLate]);
  } finally {
    clearTimeout(timer);
    login.catch(() => undefined);
  }
}
