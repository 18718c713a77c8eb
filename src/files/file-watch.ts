import { type ChildProcess, spawn } from 'node:child_process';

/** What is printed is no more than that something is different. It ends with the daemon, also one that was killed. */
const SCRIPT = `
while kill -0 "$PPID" 2> /dev/null; do
  now=$(stat -L -c '%d %i %s %y' -- "$1" 2> /dev/null)
  if [ "$now" != "$last" ]; then echo; fi
  last=$now
  sleep 1
done
`;

const RESTART_AFTER_MS = 5_000;

/**
 * Tells when a file is replaced, changed, made or removed, within a second. A child process looks: where the file system
 * hangs, only that process does.
 */
export class FileWatch {
  readonly #path: string;
  readonly #changed: () => void;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;

  /** `changed` is called once for what is there at first. */
  constructor(path: string, changed: () => void) {
    this.#path = path;
    this.#changed = changed;
    this.#spawn();
  }

  close(): void {
    clearTimeout(this.#restart);
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }

  #spawn(): void {
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', this.#path], {
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    this.#child = child;
    child.stdout.on('data', () => {
      if (this.#child === child) this.#changed();
    });
    const again = (): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#restart = setTimeout(() => this.#spawn(), RESTART_AFTER_MS).unref();
    };
    child.once('error', again);
    child.once('exit', again);
    child.unref();
  }
}
