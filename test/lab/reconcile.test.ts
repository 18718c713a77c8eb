import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  ownerAtRest,
  type Probe,
  startEverywhere,
} from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';
/** A second without a loss is the end of it, or of the busiest machine's standstill. */
const QUIET_NS = 2_000_000_000n;
/** Two seconds are promised; a node that puts nothing back notices it in 10 s only. */
const BACK_WITHIN_MS = 8_000;

describe('what somebody does behind the back of srrd', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let owner: Host;
  let probe: Probe;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'recon' });
    nodes = cluster.nodes;
    for (const node of nodes) {
      node.answerAt(ADDRESS);
      writeFrrConfiguration(node);
    }
    await startEverywhere(nodes, { services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } } });
    probe = await cluster.client.probe(ADDRESS);
  });

  beforeEach(async () => {
    owner = await ownerAtRest(nodes, SERVICE);
    await probe.until(({ sender }) => sender === owner.name);
  });

  afterAll(() => cluster?.lab.destroy());

  it('an alias that was deleted is back, or the service has moved', async () => {
    await servedAgainAfter(() => owner.exec(['ip', 'address', 'delete', `${ADDRESS}/32`, 'dev', 'lo']));
  });

  it('a `network` line that was removed is back, or the service has moved', async () => {
    const line = announcingLine(await owner.vtysh('show running-config'));
    await servedAgainAfter(() => owner.vtysh(['configure terminal', 'router ospf', `no ${line}`]));
  });

  it('after a reload of the configuration from its file the service is back, or has moved', async () => {
    const before = await owner.vtysh('show running-config');
    const output = await servedAgainAfter(() => reloadFrr(owner));
    // It has taken the line away: without srrd it would be gone.
    expect(output).toContain(`no ${announcingLine(before)}`);
  });

  /** Waits for the loss and for the end of it, and returns what was done. */
  async function servedAgainAfter<T>(what: () => Promise<T>): Promise<T> {
    const before = probe.replies().length;
    const result = await what();
    const doneAt = process.hrtime.bigint();
    const { sentAt } = await probe.until(({ sentAt }) => sentAt > doneAt);
    // Answers go on until the removal has reached the client's router.
    await probe.until(({ sentAt: at }) => at > sentAt + QUIET_NS);
    const lost = probe.outages().filter(({ from }) => from > (probe.replies()[before]?.sentAt ?? 0n));
    console.log(`lost: ${lost.map(({ durationMs }) => durationMs.toFixed(0)).join(' + ')} ms`);
    for (const { durationMs } of lost) expect(durationMs).toBeLessThan(BACK_WITHIN_MS);
    const { name } = await ownerAtRest(nodes, SERVICE);
    expect(await holders(nodes, ADDRESS)).toEqual([name]);
    return result;
  }
});

/** The file that `systemctl reload frr` would read on a machine of its own. */
function writeFrrConfiguration(node: Host): void {
  const folder = join(reloadFolder(node), node.namespace);
  mkdirSync(folder, { recursive: true });
  const daemons = (['zebra', 'ospfd', 'bfdd'] as const).map((daemon) =>
    readFileSync(node.frr.configFile(daemon), 'utf8'),
  );
  writeFileSync(join(folder, 'frr.conf'), daemons.join('!\n'));
  writeFileSync(join(folder, 'vtysh.conf'), 'service integrated-vtysh-config\n');
}

/** Returns what frr-reload.py says that it has done. */
async function reloadFrr(node: Host): Promise<string> {
  const folder = reloadFolder(node);
  const options = ['--reload', '--stdout', '--debug', '-N', node.namespace, '--confdir', folder, '--rundir', folder];
  const file = join(folder, node.namespace, 'frr.conf');
  const { stdout, stderr } = await node.exec(['/usr/lib/frr/frr-reload.py', ...options, file], { timeoutMs: 120_000 });
  return stdout + stderr;
}

function reloadFolder(node: Host): string {
  return join(node.directory, 'reload');
}

function announcingLine(runningConfig: string): string {
  const line = runningConfig.split('\n').find((each) => each.includes(`network ${ADDRESS}/32`));
  if (line === undefined) throw new Error(`ospfd is not told to announce ${ADDRESS}:\n${runningConfig}`);
  return line.trim();
}
