import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

// services/filesystem with ext4 on a loop device.

const FOLDER = join(import.meta.dirname, '../../services/filesystem');
const state = mkdtempSync(join(tmpdir(), 'srrd-filesystem-'));
const image = join(state, 'image');
const mountpoint = join(state, 'mount point');
let device: string;

beforeAll(async () => {
  writeFileSync(image, '');
  truncateSync(image, 64 * 1024 * 1024);
  await execa('mkfs.ext4', ['-q', '-F', image]);
  device = (await execa('losetup', ['--find', '--show', image])).stdout;
});

afterEach(() => call('stop'));

afterAll(async () => {
  await execa('umount', [mountpoint], { reject: false });
  await execa('losetup', ['--detach', device], { reject: false });
  rmSync(state, { recursive: true, force: true });
});

/** The reason that srrd would show; `succeeds` if there is none. */
async function call(target: string, variables: Readonly<Record<string, string>> = {}): Promise<string> {
  const environment = {
    PATH: process.env.PATH ?? '',
    SRRD_SERVICE: 'FILES',
    SRRD_NODE: 'alpha',
    SRRD_STATE_DIR: state,
  };
  const ended = await execa('make', ['-f', join(FOLDER, 'Makefile'), '--no-print-directory', target], {
    cwd: FOLDER,
    env: { ...environment, DEVICE: device, MOUNTPOINT: mountpoint, USERS_WAIT: '1', ...variables },
    extendEnv: false,
    reject: false,
    all: true,
  });
  if (ended.exitCode === 0) return 'succeeds';
  return (
    ended.all
      .split('\n')
      .filter((line) => !line.startsWith('make: '))
      .at(-1) ?? ''
  );
}

const mounted = () => readFileSync('/proc/self/mountinfo', 'utf8').includes(mountpoint.replaceAll(' ', '\\040'));

describe('a filesystem', () => {
  it('is mounted, checked and unmounted, each as often as one likes', async () => {
    for (const target of ['stop', 'activate', 'start', 'start', 'check', 'status', 'reload', 'restart', 'check']) {
      expect([target, await call(target)]).toEqual([target, 'succeeds']);
    }
    expect(mounted()).toBe(true);
    for (const target of ['stop', 'stop']) expect(await call(target)).toBe('succeeds');
    expect(mounted()).toBe(false);
    expect(await call('check')).toBe(`${mountpoint} is not mounted`);
  });

  it('keeps what was written, and is unmounted from under a program that uses it', async () => {
    await call('start');
    writeFileSync(join(mountpoint, 'kept'), 'kept');
    const user = execa('sleep', ['600'], { cwd: mountpoint, reject: false });
    await expect.poll(() => existsSync(`/proc/${user.pid}/cwd`)).toBe(true);
    expect(await call('stop')).toBe('succeeds');
    expect((await user).signal).toBe('SIGKILL');
    await call('start');
    expect(readFileSync(join(mountpoint, 'kept'), 'utf8')).toBe('kept');
  });

  it('stays mounted, and says who holds it, if it is told to wait', async () => {
    await call('start');
    const user = execa('sleep', ['600'], { cwd: mountpoint, reject: false });
    await expect.poll(() => existsSync(`/proc/${user.pid}/cwd`)).toBe(true);
    const said = await call('stop', { USERS: 'wait', STOP_WAIT: '1' });
    expect(said).toContain(`${mountpoint} is still in use after 1 s, by ${user.pid} (sleep)`);
    expect(mounted()).toBe(true);
    user.kill();
    await user;
  });

  it('is not taken for unmounted while another mount namespace has it', async () => {
    await call('start');
    const container = execa('unshare', ['--mount', 'sleep', '600'], { reject: false });
    await expect.poll(() => readFileSync(`/proc/${container.pid}/cmdline`, 'utf8').startsWith('sleep')).toBe(true);
    expect(await call('stop')).toMatch(
      new RegExp(`^${device} is still mounted at .*, as process ${container.pid} sees it$`),
    );
    container.kill();
    await container;
    expect(await call('stop')).toBe('succeeds');
  });

  it('is not taken for unmounted while another mount hides it', async () => {
    await call('start');
    await execa('mount', ['-t', 'tmpfs', 'tmpfs', mountpoint]);
    expect(await call('stop')).toContain(`${device} is still mounted at ${mountpoint}, as process `);
    await execa('umount', [mountpoint]);
    expect(await call('stop')).toBe('succeeds');
    expect(mounted()).toBe(false);
  });

  it('is not taken for unmounted if findmnt cannot tell', async () => {
    await call('start');
    const broken = join(state, 'broken');
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, 'findmnt'), '#!/bin/sh\nkill -s SEGV $$\n', { mode: 0o755 });
    expect(await call('stop', { PATH: `${broken}:${process.env.PATH}` })).toContain('findmnt does not tell');
    expect(await call('check')).toBe('succeeds');
  });

  it('is not taken for unmounted while a file of it is open after a lazy unmount', async () => {
    await call('start');
    const user = execa('sleep', ['600'], { cwd: mountpoint, reject: false });
    await expect.poll(() => existsSync(`/proc/${user.pid}/cwd`)).toBe(true);
    await execa('umount', ['--lazy', mountpoint]);
    expect(await call('stop', { STOP_WAIT: '1' })).toContain(`${device} is mounted nowhere, but in use after 1 s`);
    expect(await call('start')).toContain(`${device} is mounted nowhere, but in use`);
    user.kill();
    await user;
    expect(await call('stop')).toBe('succeeds');
  });

  it('does not kill who runs it', async () => {
    await call('start');
    // The shell is make's parent, as srrd is, and has its folder there.
    const environment = {
      SRRD_STATE_DIR: state,
      DEVICE: device,
      MOUNTPOINT: mountpoint,
      USERS_WAIT: '0',
      STOP_WAIT: '2',
    };
    const script = 'make -f "$0" --no-print-directory stop; echo "$$ lives"';
    const stranger = execa('sleep', ['600'], { cwd: mountpoint, reject: false });
    await expect.poll(() => existsSync(`/proc/${stranger.pid}/cwd`)).toBe(true);
    const ended = await execa('sh', ['-c', script, join(FOLDER, 'Makefile')], {
      cwd: mountpoint,
      env: environment,
      reject: false,
      all: true,
    });
    expect(ended.all).toContain(`${mountpoint} is still in use after 2 s, by `);
    expect(ended.stdout).toMatch(/^\d+ lives$/m);
    expect((await stranger).signal).toBe('SIGKILL');
  });

  it('has one process at most that waits for a disk that does not answer', async () => {
    await call('start');
    await execa('fsfreeze', ['--freeze', mountpoint]);
    try {
      expect(await call('check', { CHECK_LIMIT: '1' })).toContain('took longer than 1 s');
      const examiner = () => readFileSync(join(state, 'examiner'), 'utf8').trim();
      await expect.poll(() => readFileSync(`/proc/${examiner()}/comm`, 'utf8')).toBe('dd\n');
      expect(await call('check')).toBe(
        `${mountpoint}: process ${examiner()} of an earlier check still waits for the disk`,
      );
    } finally {
      await execa('fsfreeze', ['--unfreeze', mountpoint]);
    }
    await expect.poll(() => call('check'), { timeout: 60_000 }).toBe('succeeds');
  });

  it('fails its check when the kernel has made it read-only', async () => {
    await call('start');
    await execa('mount', ['-o', 'remount,ro', mountpoint]);
    expect(await call('check')).toContain('has become read-only');
  });

  it('leaves alone what somebody else has mounted there', async () => {
    await execa('mkdir', ['-p', mountpoint]);
    await execa('mount', ['-t', 'tmpfs', 'tmpfs', mountpoint]);
    expect(await call('start')).toContain('something else is mounted there already: tmpfs');
    expect(await call('stop')).toBe('succeeds');
    expect(mounted()).toBe(true);
    await execa('umount', [mountpoint]);
  });

  it('is not mounted if there is no disk, or more is broken than e2fsck repairs by itself', async () => {
    expect(await call('start', { DEVICE: '/dev/srrd-none' })).toContain('expected a block device');
    await execa('dd', ['if=/dev/zero', `of=${device}`, 'bs=1024', 'seek=1', 'count=1', 'conv=notrunc']);
    expect(await call('start')).toContain('there is no filesystem on it');
    expect(await call('start', { FSTYPE: 'ext4' })).toContain('e2fsck does not repair this by itself');
    expect(mounted()).toBe(false);
    await execa('mkfs.ext4', ['-q', '-F', device]);
  });

  it.each([
    [{ DEVICE: 'sda' }, 'DEVICE: expected a path that begins with /, got "sda"'],
    [{ MOUNTPOINT: '' }, 'MOUNTPOINT: expected a path that begins with /, got ""'],
    [{ FSCK: 'maybe' }, 'FSCK: expected preen, full or never, got "maybe"'],
    [{ STOP_WAIT: 'long' }, 'STOP_WAIT: expected a number of seconds, got "long"'],
  ])('is not offered with %o', async (variables, sentence) => {
    expect(await call('activate', variables)).toBe(sentence);
  });
});
