import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandKind } from '../../src/routing/index.js';
import { askApi } from './api.js';
import { createLab, type Host, type Lab, until } from './index.js';

/** It backtracks: `| include` of this kept ospfd from its Hellos for a minute. */
const EXPRESSION = '(((((.{0,20}){0,20}){0,20})))Z';
const PORT = 8080;

/** OSPF takes 8 characters for a password, 16 for a key. */
const SECRET = 'sEcReT';

/** What can be asked without a value, from the syntax of all commands: each alone, and as JSON where there is that. */
function wordsAlone(list: string): string[] {
  const commands = list.split('\n').flatMap((line) => {
    const syntax = line.trim().replace(/\$[\w-]+/g, '');
    const alone = withoutOptions(syntax);
    return [alone, ...(/\[json\]$/.test(syntax) ? [`${alone} json`] : [])];
  });
  return [...new Set(commands)].filter((command) => /^[a-z0-9 -]+$/.test(command));
}

function withoutOptions(syntax: string): string {
  const shorter = syntax
    .replace(/\[[^[\]]*\]/g, '')
    .replace(/<([^<>|]*)\|[^<>]*>/g, '$1')
    .replace(/\{[^{}]*\}/g, '');
  return shorter === syntax ? syntax.trim().replace(/ +/g, ' ') : withoutOptions(shorter);
}

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

  it('shows viewers no key and no password, in whatever they may ask for', async () => {
    const lines = {
      ospfd: [
        'interface lo',
        'ip ospf authentication message-digest',
        `ip ospf message-digest-key 1 md5 ${SECRET}1`,
        `ip ospf authentication-key ${SECRET}2`,
      ],
      zebra: [`password ${SECRET}3`, `enable password ${SECRET}4`],
    };
    for (const daemon of ['ospfd', 'zebra'] as const) {
      const commands = ['configure terminal', ...lines[daemon]];
      const set = await askApi(a, 'POST', `/routers/${daemon}/commands`, { commands, confirm: true });
      expect(set).toMatchObject({ status: 200, body: { refused: false } });
      expect(await admin(daemon, 'show running-config')).toMatchObject({
        body: { output: expect.stringContaining(SECRET) },
      });
      expect(await viewer(daemon, 'show running-config')).toEqual(['403', expect.not.stringContaining(SECRET)]);

      const [, listed = ''] = await viewer(daemon, 'list');
      const all = wordsAlone((JSON.parse(listed) as { output: string }).output);
      const asked = all.filter((command) => commandKind(command) === 'show');
      expect(asked.length).toBeGreaterThan(10);
      for (const command of asked) {
        const [status, text] = await viewer(daemon, command);
        expect(status, command).toBe('200');
        expect(text, command).not.toContain(SECRET);
      }
    }
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
