import type { Socket } from 'node:net';

/**
 * How much of each direction waits in this process for the other side to take it, in bytes. With less than a piece of the kernel's each
 * piece would stop the reading for a turn.
 */
export const mostBuffered = 128 * 1024;

/**
 * Passes what one side sends to the other: no faster than that takes it, with its end, and with its reset.
 *
 * @param see is shown each piece and says what of it goes on
 */
export function passBytes(from: Socket, to: Socket, see: (piece: Buffer) => Buffer): void {
  from
    .on('data', piece => {
      const bytes = see(piece);
      if (bytes.length > 0 && !to.write(bytes)) from.pause();
    })
    .on('end', () => to.end())
    .on('error', () => reset(to))
    .on('close', hadError => {
      if (hadError) reset(to);
      else if (!from.readableEnded) to.destroy();
    });
  to.on('drain', () => from.resume());
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
