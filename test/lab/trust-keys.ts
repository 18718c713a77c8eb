import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';
import type { Host } from './host.js';

/** Makes a key for each of them as an operator would, and gives all of them the same list. */
export async function makeKeys(nodes: readonly Host[]): Promise<void> {
  const srrctl = join(CHECKOUT, 'bin', 'srrctl');
  for (const node of nodes) {
    const of = ['--dir', trustFolder(node), '--router-id', node.routerId ?? '', '--note', node.name];
    await run([srrctl, 'trust', 'init', ...of]);
  }
  const list = (node: Host) => join(trustFolder(node), 'nodes.pub');
  const whole = nodes.map((node) => readFileSync(list(node), 'utf8')).join('');
  for (const node of nodes) writeFileSync(list(node), whole);
}

/** The `trustDir` of its configuration. */
export function trustFolder(node: Host): string {
  return join(node.directory, 'trust');
}
