import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { reachOfLocalUsers, reachThrough, readRuleset } from './nftables.js';

const DPORT = (right: unknown, op = '==') => ({
  match: { op, left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
});
const NOT_LO = { match: { op: '!=', left: { meta: { key: 'iifname' } }, right: 'lo' } };
const FROM = { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.0.0.7' } };
const STATE = (...right: string[]) => ({ match: { op: 'in', left: { ct: { key: 'state' } }, right } });
const DROP = { drop: null };
const ACCEPT = { accept: null };

/** A table with the chain `input` on its hook, and others that it may jump to. */
function ruleset(policy: 'accept' | 'drop', rules: object[][], others: Record<string, object[][]> = {}) {
  const common = { family: 'inet', table: 't' };
  const chains = [
    { chain: { ...common, name: 'input', hook: 'input', policy } },
    ...Object.keys(others).map((name) => ({ chain: { ...common, name } })),
  ];
  const all = Object.entries({ input: rules, ...others }).flatMap(([chain, list]) =>
    list.map((expr) => ({ rule: { ...common, chain, expr } })),
  );
  return readRuleset(JSON.stringify({ nftables: [{ metainfo: {} }, ...chains, ...all] }));
}

const reach = (rules: ReturnType<typeof ruleset>) => reachThrough(rules, ['eth0', 'eth1'], 2607);

test('what nft 1.0.6 prints of the documented rule closes the port, and no other', () => {
  const text = readFileSync(fileURLToPath(new URL('./captured/nft.json', import.meta.url)), 'utf8');
  expect(reachThrough(readRuleset(text), ['eth0'], 2607)).toBe('none');
  expect(reachThrough(readRuleset(text), ['eth0'], 2608)).toBe('all');
});

test.each<[string, 'all' | 'some' | 'none', ReturnType<typeof ruleset>]>([
  ['no rule', 'all', ruleset('accept', [])],
  ['a drop of the port', 'none', ruleset('accept', [[NOT_LO, DPORT(2607), { counter: {} }, DROP]])],
  ['a reject of a range', 'none', ruleset('accept', [[DPORT({ range: [2600, 2610] }), { reject: {} }]])],
  ['a drop of another port', 'all', ruleset('accept', [[DPORT({ set: [22, 2606] }), DROP]])],
  ['a drop of all but some ports', 'none', ruleset('accept', [[DPORT({ set: [22, 80] }, '!='), DROP]])],
  [
    'a policy of drop',
    'none',
    ruleset('drop', [
      [STATE('established', 'related'), ACCEPT],
      [DPORT(22), ACCEPT],
    ]),
  ],
  ['a policy of drop, and the port accepted', 'all', ruleset('drop', [[DPORT(2607), ACCEPT]])],
  ['a policy of drop, and new connections accepted', 'all', ruleset('drop', [[STATE('new'), ACCEPT]])],
  [
    'accepted from one sender, dropped from others',
    'some',
    ruleset('accept', [
      [FROM, ACCEPT],
      [DPORT(2607), DROP],
    ]),
  ],
  ['dropped from one sender only', 'all', ruleset('accept', [[FROM, DPORT(2607), DROP]])],
  ['a drop below an accept', 'all', ruleset('accept', [[ACCEPT], [DPORT(2607), DROP]])],
  [
    'a drop in a chain jumped to',
    'none',
    ruleset('accept', [[{ jump: { target: 'c' } }]], { c: [[DPORT(2607), DROP]] }),
  ],
  [
    'a return before the drop',
    'all',
    ruleset('accept', [[{ jump: { target: 'c' } }]], { c: [[{ return: null }], [DROP]] }),
  ],
  ['an unknown condition before the drop', 'some', ruleset('drop', [[{ xt: { type: 'match' } }, ACCEPT]])],
  [
    'a chain that jumps to itself',
    'all',
    ruleset('accept', [[{ jump: { target: 'c' } }]], { c: [[{ jump: { target: 'c' } }]] }),
  ],
  [
    'a verdict map of states',
    'none',
    ruleset('drop', [[{ vmap: { key: { ct: { key: 'state' } }, data: { set: [['established', ACCEPT]] } } }]]),
  ],
  [
    'a drop on one interface only',
    'some',
    ruleset('accept', [[{ match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'eth0' } }, DROP]]),
  ],
])('%s: %s', (_, expected, rules) => {
  const found = reach(rules);
  // A chain too deep to follow may accept, which is nothing against what is open anyway.
  expect(found).toBe(expected);
});

test('what is not the output of nft is an error', () => {
  expect(() => readRuleset('{}')).toThrow(/nftables/);
  expect(() => readRuleset('')).toThrow();
});

/** A table with a chain on the hook `output`. */
function outgoing(...rules: object[][]) {
  const common = { family: 'inet', table: 't' };
  const chain = { chain: { ...common, name: 'output', hook: 'output', policy: 'accept' } };
  const all = rules.map((expr) => ({ rule: { ...common, chain: 'output', expr } }));
  return readRuleset(JSON.stringify({ nftables: [{ metainfo: {} }, chain, ...all] }));
}

const TO_LO = { match: { op: '==', left: { meta: { key: 'oifname' } }, right: 'lo' } };
const USER = (right: unknown, op = '==') => ({ match: { op, left: { meta: { key: 'skuid' } }, right } });
const REJECT = { reject: { type: 'tcp reset' } };

test.each<[string, 'all' | 'some' | 'none', ReturnType<typeof ruleset>]>([
  ['no rule', 'all', ruleset('accept', [])],
  ['the port closed to other machines', 'all', ruleset('accept', [[NOT_LO, DPORT(2607), DROP]])],
  // As nft 1.0.6 prints the documented rule.
  [
    'the documented rule',
    'none',
    outgoing([TO_LO, DPORT({ set: [2601, 2604, 2607] }), USER({ set: [0, 102] }, '!='), REJECT]),
  ],
  ['that rule without the port', 'all', outgoing([TO_LO, DPORT(2601), USER({ set: [0, 102] }, '!='), REJECT])],
  ['one user kept out', 'all', outgoing([TO_LO, DPORT(2607), USER(1000), REJECT])],
  ['users from a number on kept out', 'none', outgoing([DPORT(2607), USER({ range: [1000, 65535] }), REJECT])],
  ['a group kept out', 'all', outgoing([{ match: { op: '==', left: { meta: { key: 'skgid' } }, right: 7 } }, REJECT])],
  ['the port closed on loopback too', 'none', ruleset('accept', [[DPORT(2607), DROP]])],
])('to users of this machine, with %s: %s', (_, expected, rules) => {
  expect(reachOfLocalUsers(rules, 2607)).toBe(expected);
});
