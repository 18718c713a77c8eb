import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { CHECKOUT } from './checkout.js';
import { createLab, ECHO_MAKEFILE, type Host, type Lab, type ManagedProcess, type Probe, until } from './index.js';

const ADDRESS = '172.16.15.1';
const WEB = { addresses: [ADDRESS], makefile: ECHO_MAKEFILE };

let lab: Lab;
let node: Host;
let client: Host;
let probe: Probe;

beforeAll(async () => {
  lab = await createLab({ name: 'second' });
  const wire = lab.subnet('wire', '10.1.1.0/24');
  node = await lab.node('a', { subnets: [wire] });
  client = await lab.client('client', { subnet: wire });
  await lab.converged();
  node.answerAt(ADDRESS);
  await node.startSrrd({ services: { WEB } });
  probe = await client.probe(ADDRESS);
  await probe.until(({ receivedAt }) => receivedAt !== null);
});

afterAll(() => lab?.destroy());

it('a second srrd of another cluster is refused in words before it touches anything', async () => {
  const since = process.hrtime.bigint();
  const second = start('same-ospfd', {});
  const { exitCode } = await second.ended;
  expect([exitCode, second.output()]).toEqual([
    1,
    expect.stringContaining(`another srrd (process ${node.srrd.pid}) uses the ospfd of this machine, port 2607`),
  ]);
  await expectNothingLost(since);
});

it('a second srrd with an ospfd of its own leaves alone what is not its own, although it has the same address', async () => {
  const since = process.hrtime.bigint();
  const second = start('other-ospfd', { ospf: { port: 2699 } });
  await until(() => second.output().includes('is left alone'), { what: 'the second one has looked' });
  // It compares ospfd's lines with its own once a second.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await second.kill('SIGTERM');
  await expectNothingLost(since);
  const config = await node.vtysh(['enable', 'show running-config']);
  expect(config).toContain(`network ${ADDRESS}/32 area 0.0.0.0`);
});

it('the next srrd is not refused when the first one has been killed', async () => {
  await node.srrd.kill('SIGKILL');
  const since = process.hrtime.bigint();
  await node.startSrrd();
  await probe.until(({ receivedAt, sentAt }) => receivedAt !== null && sentAt > since, { since });
});

function start(name: string, more: Record<string, unknown>): ManagedProcess {
  const directory = join(node.directory, name);
  mkdirSync(join(directory, 'state', 'services'), { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, 'state', 'services', 'WEB.yaml'), stringify({ name: 'WEB', ...WEB }), { mode: 0o600 });
  const config = {
    cluster: 'another',
    node: { name: 'other' },
    vty: { socketDir: node.frr.socketDirectory },
    socket: join(directory, 'srrd.sock'),
    stateDir: join(directory, 'state'),
    servicesDir: join(CHECKOUT, 'services'),
    ...more,
  };
  const file = join(directory, 'srrd.yaml');
  writeFileSync(file, stringify(config), { mode: 0o600 });
  return node.spawn(name, [join(CHECKOUT, 'bin', 'srrd'), '--config', file]);
}

async function expectNothingLost(since: bigint): Promise<void> {
  const until = process.hrtime.bigint();
  await probe.until(({ receivedAt, sentAt }) => receivedAt !== null && sentAt > until, { since: until });
  const lost = probe
    .replies()
    .filter(({ sentAt, receivedAt }) => sentAt > since && sentAt < until && receivedAt === null);
  expect(lost).toEqual([]);
}
