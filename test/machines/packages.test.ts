import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLab, type Host, type Lab, type Machine, until } from '../lab/index.js';
import { bootDebian, FOLDER, nextVersion, onTerminal, pathsOfSrrd } from './machines.js';
import { commandsOf, fileOf } from './readme.js';

// What the README says of real machines, word for word, on a bare Debian 12 and a bare Debian 13: a cluster of both.

const KEY = 'lab-key';
const ADDRESS = '172.16.15.128';
const SHOP = 'name: SHOP\nmakefile: /usr/share/srrd/services/template/Makefile\nnodes:\n  beta: { preference: 50 }\n';
/** Who asks over the network from alpha. */
const CLIENT = 'cert: pki/client/jane.crt\nkey: pki/client/jane.key\nca: pki/ca.crt\n';

interface Node {
  readonly name: string;
  readonly routerId: string;
  readonly machine: Machine;
}

let lab: Lab;
let router: Host;
let client: Host;
let alpha: Node;
let beta: Node;

beforeAll(async () => {
  lab = await createLab({
    name: 'packages',
    timing: { helloSeconds: 10, deadSeconds: 40 },
    bfd: { multiplier: 5, intervalMs: 300 },
  });
  const subnet = lab.subnet('near', '10.1.1.0/24');
  const outside = lab.subnet('outside', '10.1.3.0/24');
  router = await lab.router('r', { subnets: [{ subnet, address: '10.1.1.1' }, outside], routerId: '10.0.0.9' });
  client = await lab.client('client', { subnet: outside, via: router });
  const boot = async (release: 'debian12' | 'debian13', name: string, routerId: string, address: string) => {
    const host = await lab.plainHost(name, { subnets: [{ subnet, address }] });
    return { name, routerId, machine: await bootDebian(host, release, name) };
  };
  [alpha, beta] = await Promise.all([
    boot('debian12', 'alpha', '10.0.0.1', '10.1.1.11'),
    boot('debian13', 'beta', '10.0.0.2', '10.1.1.12'),
  ]);
}, 600_000);

afterAll(() => lab?.destroy());

it('four commands make each a node, and a client is served', async () => {
  const authentication = ['ip ospf authentication message-digest', `ip ospf message-digest-key 1 md5 ${KEY}`];
  const inside = router.links[0]?.interface;
  await router.vtysh(['configure terminal', `interface ${inside}`, ...authentication]);
  const commands = commandsOf('node');
  expect(commands.length).toBeLessThanOrEqual(4);
  await Promise.all([alpha, beta].map((node) => makeNode(node, commands)));
  await served([alpha, beta]);
  for (const { machine } of [alpha, beta]) {
    const status = async () => (await machine.tryExec(['systemctl', 'status', 'srrd.service'])).stdout;
    await expect.poll(status, { timeout: 120_000 }).toMatch(/Status: "member, 2 nodes/);
  }
}, 1_800_000);

it('with certificates, one command from one of them defines a service on all', async () => {
  for (const command of commandsOf('authority')) await onTerminal(alpha.machine, command);
  const files = ['ca.crt', 'crl.pem', 'server/beta.crt', 'server/beta.key'];
  const packed = (node: Node, side: 'inside' | 'outside') => join(node.machine.shared[side], 'pki.tar');
  await alpha.machine.exec(['tar', '-C', '/etc/srrd/pki', '-cf', packed(alpha, 'inside'), ...files]);
  copyFileSync(packed(alpha, 'outside'), packed(beta, 'outside'));
  await beta.machine.exec(['mkdir', '-p', '-m', '700', '/etc/srrd/pki']);
  await beta.machine.exec(['tar', '-C', '/etc/srrd/pki', '-xf', packed(beta, 'inside')]);
  await onTerminal(beta.machine, 'srrctl setup --apply');
  for (const { machine } of [alpha, beta])
    await machine.exec(['systemctl', 'restart', 'srrd.service'], { timeoutMs: 300_000 });
  await served([alpha, beta]);

  await alpha.machine.exec(['tee', '/etc/srrd/srrctl.yaml'], { input: CLIENT });
  await alpha.machine.exec(['chmod', '600', '/etc/srrd/srrctl.yaml']);
  await alpha.machine.exec(['tee', `${FOLDER}/SHOP.yaml`], { input: SHOP });
  const apply = 'srrctl definition apply SHOP.yaml --nodes all';
  await until(async () => (await onTerminal(alpha.machine, apply)).stdout.includes('2 of 2 nodes were changed'), {
    what: 'beta can be asked',
    timeoutMs: 120_000,
  });
  expect((await onTerminal(alpha.machine, apply)).stdout).toContain('0 of 2 nodes were changed');
  const { stdout } = await beta.machine.exec(['srrctl', 'definition', 'show', 'SHOP']);
  expect(stdout).toContain('preference: 50');
}, 900_000);

it('an upgrade of the package on the owner leaves the client served', async () => {
  const owner = await served([alpha, beta]);
  const before = await owner.machine.show('srrd.service', 'MainPID');
  await owner.machine.exec(['dpkg', '--install', await nextVersion(owner.machine)], { timeoutMs: 400_000 });
  await expect.poll(() => owner.machine.show('srrd.service', 'ActiveState'), { timeout: 120_000 }).toBe('active');
  expect(await owner.machine.show('srrd.service', 'MainPID')).not.toBe(before);
  await served([alpha, beta]);
}, 900_000);

it('when the owner loses its power, the other serves; purged, it keeps what the administrator wrote alone', async () => {
  const owner = await served([alpha, beta]);
  const left = owner === alpha ? beta : alpha;
  await owner.machine.process.kill('SIGKILL');
  expect((await served([left])).name).toBe(left.name);

  const { machine } = left;
  await machine.exec(['dpkg', '--purge', 'srrd', 'srrd-services'], { timeoutMs: 400_000 });
  expect(await machine.show('srrd.service', 'LoadState')).toBe('not-found');
  const written = /^\/(etc\/srrd(\/pki(\/.*)?|\/srrctl\.yaml)?|var\/lib\/srrd(\/services(\/(WEB|SHOP)\.yaml)?)?)$/;
  const paths = await pathsOfSrrd(machine);
  expect(paths).toContain('/var/lib/srrd/services/WEB.yaml');
  expect(paths.filter((path) => !written.test(path))).toEqual([]);
}, 900_000);

async function makeNode({ machine, routerId }: Node, commands: readonly string[]): Promise<void> {
  expect(await pathsOfSrrd(machine)).toEqual([]);
  await machine.exec(['tee', `${FOLDER}/WEB.yaml`], { input: fileOf('WEB.yaml') });
  for (const command of commands) {
    const line = command.replace('10.0.0.1', routerId);
    // The package manager wants to be sure, and setup the key of OSPF.
    await onTerminal(machine, line, line.startsWith('apt-get') ? 'y' : line.includes('setup') ? KEY : undefined);
  }
}

/** Waits until the client gets a page, from one of these. */
function served(nodes: readonly Node[]): Promise<Node> {
  return until(
    async () => {
      const { stdout } = await client.tryExec(['curl', '-sS', '--max-time', '3', `http://${ADDRESS}/`]);
      const node = nodes.find(({ name }) => stdout.includes(`WEB is served by <b>${name}</b>`));
      if (node === undefined) throw new Error(`the client got ${stdout.slice(0, 200) || 'nothing'}`);
      return node;
    },
    { what: `the client is served by ${nodes.map(({ name }) => name).join(' or ')}`, timeoutMs: 240_000 },
  );
}
