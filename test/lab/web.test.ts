import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  holders,
  type ManagedProcess,
  outageMs,
  ownerAtRest,
  startEverywhere,
  until,
} from './index.js';

const SERVICE = 'ECHO';
const ADDRESS = '172.16.15.1';
const PORT = 8443;
const STREAMS = 200;

/** The crowd has machines of its own; here it has what the nodes leave. */
const OF_OTHERS = ['nice', '-n', '15'];

describe('three nodes with web servers', () => {
  let cluster: Cluster;
  let nodes: readonly Host[];
  let pki: string;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'web' });
    nodes = cluster.nodes;
    pki = join(cluster.client.directory, 'pki');
    await makeCertificates();
    for (const node of nodes) node.answerAt(ADDRESS);
    await startEverywhere(nodes, (node) => ({
      config: {
        web: {
          listen: `0.0.0.0:${PORT}`,
          advertise: web(node),
          tls: {
            cert: join(pki, 'server', `${node.name}.crt`),
            key: join(pki, 'server', `${node.name}.key`),
            ca: [join(pki, 'ca.crt')],
            crl: [join(pki, 'crl.pem')],
          },
          access: ['viewer', 'operator', 'admin'].map((role) => ({ subject: `OU=${role}`, role })),
        },
      },
      services: { [SERVICE]: { addresses: [ADDRESS], makefile: ECHO_MAKEFILE } },
    }));
  });

  afterAll(() => cluster?.lab.destroy());

  it('tell each other where their web servers are', async () => {
    await ownerAtRest(nodes, SERVICE);
    for (const node of nodes) {
      const { nodes: known } = JSON.parse((await curl('viewer', node, '/api/v1/status')).text);
      expect(known.map((each: { web: string }) => each.web)).toEqual(nodes.map(web));
      expect((await node.srrctl('status')).stdout).toContain(web(node));
    }
  });

  it('confirm each other by their certificates', async () => {
    for (const node of nodes) {
      const doubts = async () => {
        const { nodes: known } = JSON.parse((await curl('viewer', node, '/api/v1/status')).text);
        return known.map((each: { webDoubt: string | null }) => each.webDoubt);
      };
      await until(async () => (await doubts()).every((doubt: string | null) => doubt === null), {
        what: `${node.name} has seen the certificates of all`,
      });
    }
  });

  it('let an operator move the service from afar, and a viewer not', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const [target, third] = nodes.filter((node) => node !== owner) as [Host, Host];
    const body = JSON.stringify({ target: target.name });
    const path = `/api/v1/services/${SERVICE}/move`;
    expect((await curl('viewer', third, path, body)).status).toBe(403);
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(owner.name);
    expect((await curl('operator', third, path, body)).status).toBe(200);
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(target.name);
    const logged = third.srrd.log().map(({ msg }) => msg);
    expect(logged).toContainEqual(expect.stringMatching(/CN=viewer.* from 10\.1\.3\.\d+:\d+: POST .*move: 403/));
    const moved = `move target ${target.name}: 200`;
    expect(logged).toContainEqual(
      expect.stringMatching(new RegExp(`CN=operator.* from 10\\.1\\.3\\.\\d+:\\d+: POST .*${moved}`)),
    );
  });

  it('take one definition on all nodes from afar, or on none', async () => {
    const [asked, other] = nodes as [Host, Host];
    const files = cluster.client.directory;
    const write = (name: string, text: object) => writeFileSync(join(files, name), JSON.stringify(text));
    const [cert, key, ca] = [client('admin', 'crt'), client('admin', 'key'), join(pki, 'ca.crt')];
    write('srrctl.yaml', { cert, key, ca, nodes: { [asked.name]: web(asked) } });
    const srrctl = async (...args: string[]) => {
      const argv = [join(CHECKOUT, 'bin', 'srrctl'), '--client', join(files, 'srrctl.yaml'), '--node', asked.name];
      const { exitCode, stdout } = await cluster.client.tryExec([...argv, ...args], { timeoutMs: 90_000 });
      return [exitCode, stdout] as const;
    };
    const spare = { name: 'SPARE', addresses: ['172.16.15.9'], makefile: ECHO_MAKEFILE, enabled: false };
    write('SPARE.yaml', { ...spare, nodes: { [other.name]: { preference: 50 } } });
    write('ECHO.yaml', { name: SERVICE, addresses: [ADDRESS], makefile: ECHO_MAKEFILE, preference: 7 });
    const apply = (...args: string[]) => srrctl('definition', 'apply', ...args, '--nodes', 'all');
    const refused = await apply(join(files, 'SPARE.yaml'), join(files, 'ECHO.yaml'));
    expect(refused).toEqual([1, expect.stringContaining('deactivate it first')]);
    expect((await srrctl('definition', 'list'))[1]).not.toContain('SPARE');
    expect(await apply(join(files, 'SPARE.yaml'))).toEqual([0, expect.stringContaining('3 of 3 nodes were changed')]);
    expect((await other.srrctl('definition', 'show', 'SPARE')).stdout).toContain('preference: 50');
    const exported = join(files, 'cluster');
    expect((await srrctl('definition', 'export', '--output', exported))[0]).toBe(0);
    const same = expect.stringContaining('0 of 3 nodes were changed');
    expect(await apply(exported, '--prune')).toEqual([0, same]);
    rmSync(join(exported, 'SPARE.yaml'));
    expect(await apply(exported, '--prune')).toEqual([0, expect.stringContaining('3 of 3 nodes were changed')]);
    expect((await srrctl('definition', 'list'))[1]).not.toContain('SPARE');
  });

  it('end the connections of a revoked holder on SIGHUP', async () => {
    const [node] = nodes as [Host];
    expect((await curl('leaver', node, '/api/v1/session')).status).toBe(200);
    await run([join(CHECKOUT, 'bin', 'srrctl'), 'pki', 'revoke', '--dir', pki, 'leaver']);
    node.srrd.signal('SIGHUP');
    await until(async () => (await curl('leaver', node, '/api/v1/session')).status === 403, {
      what: 'the revoked holder is refused',
    });
  });

  it('fail over although each has a crowd of visitors, and end with one owner', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const survivors = nodes.filter((node) => node !== owner);
    const probe = await cluster.client.probe(ADDRESS);
    await probe.until(({ sender }) => sender === owner.name);
    const crowds = nodes.map((node) => crowd(node, node === owner ? 10 : STREAMS));
    for (const [index, process] of crowds.entries()) {
      await until(() => told(process)?.streams === (nodes[index] === owner ? 10 : STREAMS), {
        what: `all streams of ${nodes[index]?.name} are open`,
        timeoutMs: 120_000,
      });
      await until(() => (told(process)?.refused ?? 0) > 50, { what: 'bad requests are refused', timeoutMs: 120_000 });
    }
    const cutAt = await owner.cut();
    const first = await probe.until(({ sender }) => sender !== owner.name, { since: cutAt });
    const next = nodes.find(({ name }) => name === first.sender) as Host;
    for (const survivor of survivors) {
      const seen = crowds[nodes.indexOf(survivor)] as ManagedProcess;
      const isTold = () => {
        const { streams, owners } = told(seen) ?? {};
        return streams === STREAMS && JSON.stringify(owners) === JSON.stringify([next.routerId]);
      };
      await until(isTold, { what: `all streams of ${survivor.name} tell of the new owner`, timeoutMs: 120_000 });
    }
    expect((await ownerAtRest(survivors, SERVICE)).name).toBe(next.name);
    await owner.restore();
    await cluster.lab.converged();
    expect((await ownerAtRest(nodes, SERVICE)).name).toBe(next.name);
    expect(await holders(nodes, ADDRESS)).toEqual([next.name]);
    await probe.stop();
    for (const process of crowds) await process.kill('SIGKILL');
    const outage = outageMs(probe.replies(), cutAt, next.name);
    const delays = await Promise.all(survivors.map(loopDelayMs));
    console.log(`cut off under a crowd: ${outage.toFixed(0)} ms; event loops at worst ${delays.join(', ')} ms late`);
    expect(outage).toBeLessThan(10_000);
    for (const node of nodes) expect([node.frr.crashed, node.srrd.running]).toEqual([[], true]);
  });

  it('let an admin end a node: everything is stopped first, and who watches is told', async () => {
    const owner = await ownerAtRest(nodes, SERVICE);
    const { text } = await curl('viewer', owner, '/api/v1/doctor');
    expect(JSON.parse(text)).toMatchObject({ level: expect.any(String), findings: expect.any(Array) });
    const shutdown = '/api/v1/node/shutdown';
    expect((await curl('operator', owner, shutdown, '{}')).status).toBe(403);
    const watching = cluster.client.spawn('watching', [
      'curl',
      '-sN',
      ...holding('viewer'),
      url(owner, '/api/v1/stream'),
    ]);
    await until(() => watching.output().includes('"ending":null'), { what: 'the stream has begun' });
    expect((await curl('admin', owner, shutdown, '{}')).status).toBe(202);
    expect((await owner.srrd.ended).exitCode).toBe(0);
    await watching.ended;
    expect(watching.output()).toContain(`"ending":["${SERVICE} `);
    const survivors = nodes.filter((node) => node !== owner);
    expect(await holders(nodes, ADDRESS)).toEqual([(await ownerAtRest(survivors, SERVICE)).name]);
    await owner.startSrrd();
    await ownerAtRest(nodes, SERVICE);
  });

  async function makeCertificates(): Promise<void> {
    const srrctl = (...args: string[]) => run([join(CHECKOUT, 'bin', 'srrctl'), 'pki', ...args, '--dir', pki]);
    await srrctl('init', '--name', 'web');
    for (const node of nodes) await srrctl('server', node.name, node.link().address);
    for (const role of ['viewer', 'operator', 'admin']) await srrctl('client', role, '--role', role);
    await srrctl('client', 'leaver', '--role', 'admin');
  }

  function web(node: Host): string {
    return `${node.link().address}:${PORT}`;
  }

  async function curl(who: string, node: Host, path: string, body?: string): Promise<{ status: number; text: string }> {
    const data = body === undefined ? [] : ['--json', body];
    const asked = [...holding(who), ...data, url(node, path)];
    const argv = ['curl', '-s', '-w', '\n%{http_code}', ...asked];
    // The doctor takes its time on a busy machine.
    const { stdout } = await cluster.client.exec(argv, { timeoutMs: 90_000 });
    const at = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
  }

  function holding(who: string): string[] {
    return ['--cacert', join(pki, 'ca.crt'), '--cert', client(who, 'crt'), '--key', client(who, 'key')];
  }

  function url(node: Host, path: string): string {
    return `https://${web(node)}${path}`;
  }

  function client(who: string, extension: string): string {
    return join(pki, 'client', `${who}.${extension}`);
  }

  function crowd(node: Host, streams: number): ManagedProcess {
    const script = join(CHECKOUT, 'test', 'lab', 'web', 'crowd.mjs');
    const files = [join(pki, 'ca.crt'), client('viewer', 'crt'), client('viewer', 'key')];
    const args = [script, web(node), ...files, String(streams)];
    return cluster.client.spawn(`crowd-${node.name}`, [...OF_OTHERS, process.execPath, ...args]);
  }

  function told(process: ManagedProcess): { streams: number; owners: string[]; refused: number } | undefined {
    const lines = process.output().split('\n').filter(Boolean);
    return lines.length === 0 ? undefined : JSON.parse(lines.at(-1) ?? '{}');
  }

  async function loopDelayMs(node: Host): Promise<number> {
    const { process } = JSON.parse((await node.srrctl('status', '--json')).stdout);
    return process.eventLoopDelayMs;
  }
});
