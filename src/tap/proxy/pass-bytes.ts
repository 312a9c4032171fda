import type { Socket } from 'node:net';

/**
 * How much of each direction waits in this process for the other side to take it, in bytes. With less than a piece of the kernel's each
 * piece would stop the reading for a turn.
 */
export const mostBuffered = 128 * 1024;

/** How one side of a connection was over: in order, by a reset, or without a word. */
export type PassedEnd = 'end' | 'reset' | 'close';

/** Decides on what one side sends. */
export interface Passage {
  /** Is shown each piece, and says what of it goes on. */
  see(piece: Buffer): Buffer;
  /** Whether the end of the side reaches the other now. */
  seeEnd(end: PassedEnd): boolean;
  /** True while the side is not to be read. */
  isHeld(): boolean;
}

/** Passes what one side sends to the other: no faster than that takes it, with its end, and with its reset. */
export function passBytes(from: Socket, to: Socket, { see, seeEnd, isHeld }: Passage): void {
  from
    .on('data', piece => {
      const bytes = see(piece);
      if (bytes.length > 0 && !to.write(bytes)) from.pause();
    })
    .on('end', () => {
      if (seeEnd('end')) to.end();
    })
    .on('error', () => {
      if (seeEnd('reset')) reset(to);
    })
    .on('close', hadError => {
      if (hadError && seeEnd('reset')) reset(to);
      else if (!from.readableEnded && seeEnd('close')) to.destroy();
    });
  to.on('drain', () => {
    if (!isHeld()) from.resume();
  });
}

/** A peer that is to hear of a reset must not take it for an orderly end. Only TCP has one. */
export function reset(socket: Socket): void {
  if (socket.destroyed) return;
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy();
  }
}
