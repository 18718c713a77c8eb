import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDaemon } from './run-daemon.js';

test('a long configuration is parsed beside the thread that hears the signals', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-run-'));
  const configFile = join(folder, 'srrd.yaml');
  const rules = Array.from({ length: 500 }, (_, n) => `    - { subject: "CN=user${n}", role: viewer }\n`);
  const tls = '{ cert: c, key: k, ca: [a] }';
  writeFileSync(configFile, `web:\n  listen: "127.0.0.1:8443"\n  tls: ${tls}\n  access:\n${rules.join('')}`);
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  const read = runDaemon({
    configFile,
    softwareVersion: '0',
    createLog: () => {
      throw new Error(turned ? 'other work had its turn' : 'nothing else could happen');
    },
  });
  await expect(read).rejects.toThrow('other work had its turn');
  rmSync(folder, { recursive: true });
});

test('nothing is run where others may write the state directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'srrd-run-'));
  const configFile = join(folder, 'srrd.yaml');
  writeFileSync(configFile, 'stateDir: state\n');
  mkdirSync(join(folder, 'state'));
  chmodSync(join(folder, 'state'), 0o777);
  const log = () => {
    throw new Error('it has begun');
  };
  const run = runDaemon({ configFile, softwareVersion: '0', createLog: log });
  await expect(run).rejects.toThrow(`stateDir: ${join(folder, 'state')} has mode 0777`);
  rmSync(folder, { recursive: true });
});
