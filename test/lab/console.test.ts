import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askApi } from './api.js';
import { createLab, type Host, type Lab, until } from './index.js';

/** It backtracks: `| include` of this kept ospfd from its Hellos for a minute. */
const EXPRESSION = '(((((.{0,20}){0,20}){0,20})))Z';
const PORT = 8080;

describe('what people may ask of the routing daemons', () => {
  let lab: Lab;
  let a: Host;

  beforeAll(async () => {
    lab = await createLab({ name: 'console' });
    const subnet = lab.subnet('net', '10.1.1.0/24');
    const b = await lab.node('b', { subnets: [subnet], routerId: '10.0.0.2' });
    a = await lab.node('a', { subnets: [subnet], routerId: '10.0.0.1' });
    await lab.converged();
    // Plain HTTP on the loopback address: whoever asks there is a viewer.
    await Promise.all([a.startSrrd({ config: { web: { listen: `127.0.0.1:${PORT}` } } }), b.startSrrd()]);
    await until(async () => (await a.srrd.status()).nodes.find(({ name }) => name === 'b')?.reachable, {
      what: 'a sees b',
      timeoutMs: 60_000,
    });
  });

  afterAll(() => lab?.destroy());

  it('is never a regular expression, and ospfd keeps its neighbour', async () => {
    const since = await adjacencySince();
    const words = `show version | include ${EXPRESSION}`;
    for (const daemon of ['ospfd', 'zebra']) {
      expect(await viewer(daemon, words)).toEqual(['403', expect.stringContaining('needs the role admin')]);
      expect(await viewer(daemon, `find ${EXPRESSION}`)).toEqual(['400', expect.stringContaining('plain words')]);
      expect(await viewer(daemon, 'show version')).toEqual(['200', expect.stringContaining('FRRouting')]);
      expect(await admin(daemon, `find ${EXPRESSION}`)).toMatchObject({ status: 400 });
      expect(await admin(daemon, words)).toMatchObject({ status: 200, body: { output: '' } });
      const filtered = await admin(daemon, 'show version | include FRRouting');
      expect(filtered).toMatchObject({ status: 200, body: { output: expect.stringMatching(/^FRRouting .*\n$/) } });
    }
    expect(await adjacencySince()).toBeGreaterThanOrEqual(since);
    expect((await a.srrd.status()).nodes.every(({ reachable }) => reachable)).toBe(true);
  });

  /** For how long ospfd has had its neighbour. */
  async function adjacencySince(): Promise<number> {
    const { neighbors } = JSON.parse(await a.vtysh('show ip ospf neighbor detail json')) as {
      neighbors: Record<string, { lastPrgrsvChangeMsec: number; nbrState: string }[]>;
    };
    const [neighbour] = Object.values(neighbors).flat();
    expect(neighbour?.nbrState).toMatch(/^Full/);
    return neighbour?.lastPrgrsvChangeMsec ?? Number.NaN;
  }

  async function viewer(daemon: string, command: string): Promise<string[]> {
    const url = `http://127.0.0.1:${PORT}/api/v1/routers/${daemon}/commands`;
    const json = ['-H', 'content-type: application/json', '-d', JSON.stringify({ command, confirm: true })];
    const { stdout } = await a.exec(['curl', '-s', '-m', '20', '-w', '\n%{http_code}', ...json, url]);
    const [status = '', ...text] = stdout.split('\n').reverse();
    return [status, text.reverse().join('\n')];
  }

  function admin(daemon: string, command: string) {
    return askApi<{ output: string }>(a, 'POST', `/routers/${daemon}/commands`, { command, confirm: true });
  }
});
