import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';

// services/common with a daemon that does nothing.

const COMMON = join(import.meta.dirname, '../../services/common/daemon.mk');
const state = mkdtempSync(join(tmpdir(), 'srrd-common-'));
const makefile = join(state, 'Makefile');

writeFileSync(
  makefile,
  `define SERVICE
prepare() { :; }
configure() { daemon=(/bin/sleep 600); }
examine() { :; }
endef
include ${COMMON}
`,
);

afterAll(() => rmSync(state, { recursive: true, force: true }));

const call = (target: string) =>
  execa('make', ['-f', makefile, '--no-print-directory', target], {
    cwd: state,
    env: { SRRD_STATE_DIR: state, SRRD_ADDRESSES: '127.0.0.1', SRRD_SERVICE: 'IDLE' },
  });

it('ends no process because another one calls itself what looks like a line about it', async () => {
  const stranger = execa('sleep', ['600'], { reject: false });
  const script = `fork and wait and exit; open my $name, '>', '/proc/self/comm'; syswrite $name, "a\n$ARGV[0] (b"; close $name;
    $| = 1; print "ready\n"; sleep 600;`;
  const impostor = execa('perl', ['-e', script, String(stranger.pid)], {
    detached: true,
    env: { SRRD_SERVICE_DIR: state },
    reject: false,
  });
  await once(impostor.stdout, 'data');
  await call('start');
  expect((await call('status')).stdout).toContain('/bin/sleep 600');
  await call('stop');
  expect((await call('status')).stdout).toContain('it does not run');
  expect(stranger.exitCode).toBeNull();
  expect(stranger.signalCode).toBeNull();
  stranger.kill();
  impostor.kill();
  await Promise.all([stranger, impostor]);
});
