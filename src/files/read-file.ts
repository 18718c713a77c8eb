import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** Reads at most so many bytes, and throws what keeps it from it. */
export type ReadFile = (file: string, maxBytes: number) => Buffer;

/**
 * Reads a regular file of at most so many bytes. Throws what the system says, or a sentence: a FIFO, a device or a socket,
 * which may have no end or never begin, is refused without a byte read from it, and so is a file that is longer.
 */
export function readRegularFile(file: string, maxBytes: number): Buffer {
  // O_NONBLOCK: to open a FIFO that nobody writes to would take for ever.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error(`expected a regular file, it is ${kindOf(stats)}`);
    // One more than may be there: it may be growing, and files of /proc say that they are empty.
    const bytes = Buffer.alloc(Math.min(maxBytes, Math.max(stats.size, 4096)) + 1);
    const length = readInto(bytes, descriptor);
    if (length > maxBytes || stats.size > maxBytes) {
      throw new Error(`it has ${Math.max(length, stats.size)} bytes, at most ${maxBytes} are read`);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function readInto(bytes: Buffer, descriptor: number): number {
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return length;
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
