import type { FrrDaemon } from './frr.js';
import type { Host } from './host.js';
import { processesInNamespaces } from './processes.js';

const DAEMONS: readonly FrrDaemon[] = ['mgmtd', 'zebra', 'ospfd', 'bfdd'];

/**
 * As near to a loss of power as a network namespace comes: the links are dead, and everything that ran is gone, without a
 * last word. Resolves with the time (process.hrtime.bigint) just before.
 */
export async function cutPower(host: Host): Promise<bigint> {
  const running = processesInNamespaces([host.namespace]);
  const daemons = DAEMONS.filter((daemon) => host.frr.running(daemon));
  // First the links: of processes that die one after the other the first must not be heard of.
  const at = await host.cut();
  const deaths: Promise<unknown>[] = daemons.map((daemon) => host.frr.kill(daemon));
  if (host.hasSrrd && host.srrd.running) deaths.push(host.srrd.kill());
  for (const pid of running) killNow(pid);
  await Promise.all(deaths);
  // What was forked in between.
  for (let left = running; left.length > 0; left = processesInNamespaces([host.namespace])) left.forEach(killNow);
  return at;
}

/** Boots the machine, with FRR, without srrd: nothing is left but what was on disk. */
export async function restorePower(host: Host): Promise<void> {
  await forgetAddresses(host);
  // FRR's routes hang on these, and go with them.
  await host.exec(['ip', 'nexthop', 'flush']);
  await host.restore();
  await host.frr.startAll();
}

/** Of a loopback interface after a boot only the lab's own remain. */
async function forgetAddresses(host: Host): Promise<void> {
  const { stdout } = await host.exec(['ip', '-json', '-4', 'address', 'show', 'dev', 'lo']);
  const [lo]: { addr_info?: { local: string; prefixlen: number }[] }[] = JSON.parse(stdout);
  for (const { local, prefixlen } of lo?.addr_info ?? []) {
    if (local === host.routerId || local.startsWith('127.')) continue;
    await host.exec(['ip', 'address', 'del', `${local}/${prefixlen}`, 'dev', 'lo']);
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
