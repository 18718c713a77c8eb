import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { CarefulSources, type Configuration, loadConfiguration } from '../config/index.js';
import { ForeignFiles } from '../files/index.js';
import { routerId } from '../model/index.js';
import { initTrust } from '../trust/index.js';
import { type NodeTrust, openTrust } from './node-trust.js';

const folder = mkdtempSync(join(tmpdir(), 'srrd-node-trust-'));
const file = join(folder, 'srrd.yaml');
let sign: Configuration;
let node: NodeTrust;
let errors: string[];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  errors = [];
  const trustDir = join(mkdtempSync(join(folder, 'keys-')), 'trust');
  initTrust(trustDir, '10.0.0.1', 'alpha');
  writeFileSync(file, JSON.stringify({ stateDir: folder, trust: 'sign', trustDir }));
  sign = await loadConfiguration(file);
  node = openTrust(sign, { info() {}, warn() {}, error: (_data: object, text: string) => errors.push(text) });
});

function require_(...heard: readonly string[]): Promise<boolean> {
  return node.reload({ ...sign, trust: 'require' }, new CarefulSources(folder, new ForeignFiles()), () => heard);
}

test('proofs are not required while a node is heard that gives none, or that nobody has looked at', async () => {
  node.trust.refuse(routerId(2), 'unsigned');
  expect(await require_('0.0.0.2', '0.0.0.3')).toBe(false);
  expect(errors).toEqual([expect.stringContaining('would not hear 0.0.0.2, 0.0.0.3, whose announcements are not')]);
  expect(node.trust.status.mode).toBe('sign');
});

test('who is not heard any more, or was invented by somebody, does not keep them from being required', async () => {
  node.trust.refuse(routerId(2), 'unsigned');
  expect(await require_()).toBe(true);
  expect(errors).toEqual([]);
  expect(node.trust.status.mode).toBe('require');
});
