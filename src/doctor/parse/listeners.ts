import type { Listener } from '../facts.js';

const LISTEN = '0A';

/** Reads /proc/net/tcp and tcp6: sockets in state LISTEN. */
export function readListeners(tcp: string): readonly Listener[] {
  return tcp.split('\n').flatMap((line) => {
    const [, address, port, state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
    if (address === undefined || port === undefined || state !== LISTEN) return [];
    return [{ address: addressOf(address), port: Number.parseInt(port, 16) }];
  });
}

/** The kernel prints each 32-bit word in the byte order of the machine, which is little endian wherever FRR runs. */
function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  if (words.length === 1) return dotted(words[0] ?? '');
  const isMapped = words[0] === '00000000' && words[1] === '00000000' && words[2] === 'FFFF0000';
  if (isMapped) return dotted(words[3] ?? '');
  if (hex === '0'.repeat(32)) return '0.0.0.0';
  return hex === '00000000000000000000000001000000' ? '127.0.0.1' : hex.toLowerCase();
}

function dotted(word: string): string {
  return (word.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
}
