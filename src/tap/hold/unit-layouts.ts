import type { UnitLayout } from './unit-cutter.ts';

/** Of a method or a message, in octets: all that is decided by stands in it. */
const mostWanted = 16_384;
export const frameType = { method: 1, contentHead: 2, body: 3 } as const;
const frameHead = 7;
const frameEnd = 1;

/** A frame that is none makes a pipe of its connection: it never ends. */
export const amqpLayout: UnitLayout = {
  headSize: frameHead,
  measure(bytes, at) {
    const size = bytes.readUInt32BE(at + 3);
    const total = frameHead + size + frameEnd;
    const isRead = bytes[at] === frameType.method || bytes[at] === frameType.contentHead;
    return { total, wanted: isRead ? Math.min(total, mostWanted) : frameHead };
  },
};

const tagAndLength = 5;

export const postgresLayout: UnitLayout = {
  headSize: tagAndLength,
  measure(bytes, at) {
    const length = bytes.readUInt32BE(at + 1);
    const total = length < 4 ? Number.POSITIVE_INFINITY : 1 + length;
    const isRead = readTags.has(bytes[at] as number);
    return { total, wanted: isRead ? Math.min(total, mostWanted) : tagAndLength };
  },
};

const readTags: ReadonlySet<number> = new Set([...'QPBEC'].map(tag => tag.charCodeAt(0)));
