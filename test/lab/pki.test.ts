import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, createCluster, type Host, type ManagedProcess, startEverywhere, until } from './index.js';
import { createPki, type Holder, type Pki, type WebAccess } from './pki.js';

const PORT = 8443;

describe('a certificate that is revoked where the authority is', () => {
  let cluster: Cluster;
  let pki: Pki;
  let mallory: Holder;
  let jane: Holder;
  let web: ReadonlyMap<Host, WebAccess>;

  beforeAll(async () => {
    cluster = await createCluster({ name: 'pki' });
    pki = await createPki(join(cluster.lab.directory, 'pki'));
    mallory = await pki.client('mallory', 'operator');
    jane = await pki.client('jane', 'operator');
    const made = new Map<Host, WebAccess>();
    for (const node of cluster.nodes) made.set(node, await pki.server(node.name, [node.link().address]));
    web = made;
    await startEverywhere(cluster.nodes, (node) => ({ config: { web: webOf(node) } }));
  });

  afterAll(() => cluster?.lab.destroy());

  /** Only `a` is where the authority is; the others have no list at first, and no file that could change. */
  function webOf(node: Host) {
    const { tls, access } = web.get(node)!;
    const crl = node === cluster.a ? [join(pki.directory, 'crl.pem')] : [];
    return { listen: `0.0.0.0:${PORT}`, advertise: `${node.link().address}:${PORT}`, tls: { ...tls, crl }, access };
  }

  function curl(node: Host, { cert, key }: Holder, path: string): string[] {
    const url = `https://${node.link().address}:${PORT}/api/v1/${path}`;
    return ['curl', '-sS', '-N', '--max-time', '300', '--cacert', pki.ca, '--cert', cert, '--key', key, url];
  }

  async function statusCode(node: Host, holder: Holder): Promise<string> {
    const answer = ['-o', '/dev/null', '-w', '%{http_code}'];
    return (await cluster.client.tryExec([...curl(node, holder, 'session'), ...answer])).stdout;
  }

  async function openStream(node: Host, holder: Holder, name: string): Promise<ManagedProcess> {
    const stream = cluster.client.spawn(`stream-${name}-${node.name}`, curl(node, holder, 'stream'));
    await until(() => stream.output().includes('event: status'), { what: `${name}'s stream at ${node.name} begins` });
    return stream;
  }

  async function listNumber(node: Host): Promise<number | undefined> {
    const { stdout } = await cluster.client.exec(curl(node, jane, 'pki'));
    const { lists }: { lists: { number: number }[] } = JSON.parse(stdout);
    return lists[0]?.number;
  }

  it('ends the open streams of its holder on all nodes within seconds, and nobody else’s', async () => {
    const { a, nodes } = cluster;
    // The empty list of the beginning is with all of them by then.
    for (const node of nodes)
      await until(async () => (await listNumber(node)) === 1, { what: `${node.name} has a list` });
    for (const node of nodes) expect(await statusCode(node, mallory)).toBe('200');
    const hers = await Promise.all(nodes.map((node) => openStream(node, jane, 'jane')));
    const his = await Promise.all(nodes.map((node) => openStream(node, mallory, 'mallory')));

    const revokedAt = performance.now();
    await pki.revoke('mallory');
    const took = await Promise.all(his.map((stream) => stream.ended.then(() => performance.now() - revokedAt)));
    console.log(`streams ended after ${took.map((ms) => ms.toFixed(0)).join(', ')} ms, srrctl included`);
    expect(Math.max(...took)).toBeLessThan(60_000);
    for (const node of nodes) {
      expect(await statusCode(node, mallory)).toBe('403');
      expect(await statusCode(node, jane)).toBe('200');
      expect(await listNumber(node)).toBe(2);
    }
    expect(hers.every(({ running }) => running)).toBe(true);
    expect(a.srrd.log().some(({ msg }) => msg.includes('revocation list 2 counts'))).toBe(true);
  });

  it('stays revoked on a node that was down meanwhile, and on one that restarts', async () => {
    const { b, c } = cluster;
    await c.srrd.stop();
    await pki.revoke('jane');
    await until(async () => (await statusCode(b, jane)) === '403', { what: 'b refuses jane' });
    await Promise.all([b.srrd.stop(), c.startSrrd()]);
    await b.startSrrd();
    // 000: nobody listens yet. The first answer must be the refusal.
    const answered = async () => [await statusCode(b, jane)].find((code) => code !== '000');
    expect(await until(answered, { what: 'b answers' })).toBe('403');
    await until(async () => (await statusCode(c, jane)) === '403', { what: 'c refuses jane' });
  });
});
