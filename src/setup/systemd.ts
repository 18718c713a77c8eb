import { existsSync } from 'node:fs';

/** There while systemd is process 1 (sd_booted(3)). */
const SYSTEMD = '/run/systemd/system';

/** Whether this FRR is the unit of Debian's package, and there is a systemd that restarts it. */
export function isUnit(frrFile: string): boolean {
  return frrFile.startsWith('/etc/frr/') && existsSync(SYSTEMD);
}

/** Whether there is a systemd whose unit nftables loads this file. */
export function isOfNftables(file: string): boolean {
  return file === '/etc/nftables.conf' && existsSync(SYSTEMD);
}
