import { formatRouterId, routerId } from '../model/index.js';

/** A block of FRR's running configuration, e.g. `interface lo` with the indented lines below it. */
export interface ConfigBlock {
  readonly header: string;
  readonly lines: readonly string[];
}

/** Splits the answer to `show running-config`. Lines outside of blocks become blocks without lines. */
export function readRunningConfig(text: string): readonly ConfigBlock[] {
  const blocks: { header: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    if (/^\s*$|^!|^exit$|^end$/.test(line)) continue;
    const block = blocks.at(-1);
    if (line.startsWith(' ') && block !== undefined) block.lines.push(line.trim());
    else blocks.push({ header: line.trim(), lines: [] });
  }
  return blocks;
}

/** The interface that a block configures; undefined for other blocks and for interfaces of another VRF. */
export function interfaceOf(block: ConfigBlock): string | undefined {
  return /^interface (\S+)$/.exec(block.header)?.[1];
}

/** FRR shows an area as it was configured: `area 7` or `area 0.0.0.7`. */
export function dotted(area: string): string {
  const id = Number(area);
  return /^\d{1,10}$/.test(area) && id <= 0xffff_ffff ? formatRouterId(routerId(id)) : area;
}
