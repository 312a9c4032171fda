const prefix = 'server-';
const form = /^server-[0-9a-f]{12}\.json$/;

/** Of a server whose folder ends with the same twelve digits. */
export function serverRecordName(serverFolder: string): string {
  return `${prefix}${serverFolder.slice(-12)}.json`;
}

export function isServerRecord(name: string): boolean {
  return form.test(name);
}
