import { interfaceOf, readRunningConfig } from '../../routing/index.js';
import type { OspfConfiguration, SavedLine } from '../facts.js';

/** Reads ospfd's `show running-config`. */
export function readOspfConfiguration(text: string): OspfConfiguration {
  const blocks = readRunningConfig(text);
  const router = blocks.filter(({ header }) => header === 'router ospf');
  const interfaceLines = new Map<string, readonly string[]>();
  for (const block of blocks) {
    const name = interfaceOf(block);
    if (name !== undefined) interfaceLines.set(name, [...(interfaceLines.get(name) ?? []), ...block.lines]);
  }
  return { hasRouterOspf: router.length > 0, routerLines: router.flatMap(({ lines }) => lines), interfaceLines };
}

/** The lines of one of FRR's files that put up or announce a single address. */
export function readSavedLines(file: string, text: string): readonly SavedLine[] {
  return text.split('\n').flatMap((line, index) => {
    const announced = /^\s*network (\S+)\/32 area \S+\s*$/.exec(line) ?? /^\s*ip ospf area \S+ (\S+)\s*$/.exec(line);
    const placed = /^\s*ip address (\S+)\/\d+(?: label \S+)?\s*$/.exec(line);
    const address = announced?.[1] ?? placed?.[1];
    if (address === undefined) return [];
    const kind = announced === null ? 'address' : 'announced';
    return [{ file, lineNumber: index + 1, text: line.trim(), address, kind }];
  });
}
