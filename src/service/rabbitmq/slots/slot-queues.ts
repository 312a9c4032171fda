/** The queue that is there while the owner of slots lives: exclusive, it goes with the owner's connection. */
export function ownerQueue(hex: string): string {
  return `live-worker.owner.${hex}`;
}

/** Stands in a vhost that is kept for a person. */
export const keptQueue = 'live-worker.kept';
