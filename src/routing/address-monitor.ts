import { execa } from 'execa';

/** Starting a process holds this one up for some 10 ms, which a failover must not wait for. */
const BEGIN_AFTER_MS = 5_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A child that lived this long was healthy. */
const HEALTHY_MS = 10_000;

/**
 * Watches for addresses that are taken away, with `ip monitor address`. It only hastens the periodic check. Meant to
 * run while an alias is up: after a SIGKILL of the daemon the expiry of the lease then ends the child as well.
 */
export class AddressMonitor {
  #child: ReturnType<typeof spawnMonitor> | undefined;
  #restart: NodeJS.Timeout | undefined;
  #running = false;
  #pauseMs = SHORTEST_PAUSE_MS;

  constructor(readonly onDeleted: () => void) {}

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#restart = setTimeout(() => this.#spawn(), BEGIN_AFTER_MS);
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#restart);
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }

  #spawn(): void {
    const child = spawnMonitor();
    const since = performance.now();
    let rest = '';
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // Renewed leases come by here each second: those lines are not even taken apart.
      const lines = `\n${rest}${text}`;
      const end = lines.lastIndexOf('\n');
      rest = lines.slice(end + 1, end + 1_001);
      if (this.#child === child && lines.slice(0, end).includes('\nDeleted')) this.onDeleted();
    });
    child.then(() => {
      if (this.#child !== child || !this.#running) return;
      this.#pauseMs =
        performance.now() - since > HEALTHY_MS ? SHORTEST_PAUSE_MS : Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
      this.#restart = setTimeout(() => this.#spawn(), this.#pauseMs);
    });
  }
}

function spawnMonitor() {
  return execa('ip', ['-4', '-o', 'monitor', 'address'], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
    buffer: false,
    reject: false,
    env: { LC_ALL: 'C' },
  });
}
