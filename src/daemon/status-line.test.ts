import { expect, test } from 'vitest';
import { type StatusLineParts, statusLine } from './status-line.js';

test('says what the node is, whom it reaches, what it runs and what failed', () => {
  expect(statusLine(parts())).toBe('member, 2 nodes; runs nothing');
  const own = [
    replica('WEB', 'active', 'started'),
    replica('MAIL', 'active', 'failed'),
    replica('DB', 'active', 'stopped'),
  ];
  expect(statusLine(parts({ own }))).toBe('member, 2 nodes; runs WEB; failed here: MAIL');
});

test('says why it takes no part', () => {
  expect(statusLine(parts({ phase: 'isolated', connected: false }))).toBe(
    'isolated, no connection to ospfd; runs nothing',
  );
  expect(statusLine(parts({ phase: 'isolated', fullNeighbours: 0 }))).toBe('isolated, no full neighbour; runs nothing');
  expect(statusLine(parts({ lost: ['beta'] }))).toBe('member, 2 nodes, not reachable: beta; runs nothing');
});

test('says what the end waits for', () => {
  expect(statusLine(parts({ ending: ['WEB (stop)'] }))).toBe('ending: waiting for WEB (stop)');
  expect(statusLine(parts({ ending: [] }))).toBe('ending: waiting for the last announcements');
});

test('stays one short line, whatever the names are', () => {
  const own = Array.from({ length: 1_000 }, (_, index) => replica(`S${index}`, 'active', 'started'));
  expect(statusLine(parts({ own }))).toBe('member, 2 nodes; runs S0, S1, S2, S3, S4, 995 others');
  expect(statusLine(parts({ lost: ['a\nREADY=1'] }))).not.toContain('\n');
});

interface Changes {
  readonly phase?: 'isolated' | 'member';
  readonly connected?: boolean;
  readonly fullNeighbours?: number;
  readonly lost?: readonly string[];
  readonly own?: StatusLineParts['own'];
  readonly ending?: readonly string[];
}

function parts(changes: Changes = {}): StatusLineParts {
  const { phase = 'member', connected = true, fullNeighbours = 1, lost = [], own = [], ending = null } = changes;
  const names = ['alpha', ...(lost.length > 0 ? lost : ['beta'])];
  return {
    head: {
      node: { routerId: '10.0.0.1', name: 'alpha', phase, standby: false },
      ospf: { connected, ready: connected, fullNeighbours },
      nodes: names.map((name) => ({
        routerId: name,
        name,
        reachable: !lost.includes(name),
        web: null,
        standby: false,
      })),
    },
    own,
    ending,
  };
}

function replica(name: string, config: string, run: string) {
  return { name, config, run };
}
