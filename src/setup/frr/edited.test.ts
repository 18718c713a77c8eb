import { expect, test } from 'vitest';
import { linesIn, withLines } from './edited.js';
import { interfaceContext, ROUTER_OSPF } from './spans.js';

const TIMERS = ['timers throttle lsa all 0', 'timers throttle spf 0 10 100'];
const PROFILE = ['bfd', 'profile srrd'];
const ETH0 = interfaceContext('eth0');

const FILE = `frr defaults traditional
!
interface eth0
 ip ospf bfd
exit
!
router ospf
 ospf router-id 10.0.0.1
 timers throttle spf 200 1000 10000
 network 10.1.1.0/24 area 0
exit
!
router bgp 65000
 timers bgp 3 9
exit
`;

test('a line takes the place of the one about the same; others are put at the end of the block', () => {
  expect(withLines(FILE, ROUTER_OSPF, TIMERS)).toBe(
    FILE.replace('spf 200 1000 10000', 'spf 0 10 100').replace(
      ' network 10.1.1.0/24 area 0\n',
      ' network 10.1.1.0/24 area 0\n timers throttle lsa all 0\n',
    ),
  );
});

test('what is there already is no change, and what is forbidden is allowed', () => {
  const once = withLines(FILE, ROUTER_OSPF, TIMERS);
  expect(withLines(once, ROUTER_OSPF, TIMERS)).toBe(once);
  const opaque = FILE.replace(' ospf router-id', ' no capability opaque\n ospf router-id');
  expect(withLines(opaque, ROUTER_OSPF, ['capability opaque'])).toBe(opaque.replace('no capability', 'capability'));
});

test('a block may end with an exclamation mark, with the next block, or with the file', () => {
  for (const end of ['!\nline vty\n', 'router bgp 1\n bgp router-id 1.1.1.1\n', '']) {
    expect(withLines(`router ospf\n ospf router-id 10.0.0.1\n${end}`, ROUTER_OSPF, ['timers lsa min-arrival 0'])).toBe(
      `router ospf\n ospf router-id 10.0.0.1\n timers lsa min-arrival 0\n${end}`,
    );
  }
});

test.each([
  ['', '!\nrouter ospf\n capability opaque\nexit\n'],
  ['hostname a\n!\n\n', 'hostname a\n!\n!\nrouter ospf\n capability opaque\nexit\n\n'],
  ['hostname a', 'hostname a\n!\nrouter ospf\n capability opaque\nexit\n'],
  ['line vty\n!\nend\n', 'line vty\n!\n!\nrouter ospf\n capability opaque\nexit\nend\n'],
  [
    'router ospf vrf red\n ospf router-id 1.1.1.1\nexit\n',
    'router ospf vrf red\n ospf router-id 1.1.1.1\nexit\n!\nrouter ospf\n capability opaque\nexit\n',
  ],
])('a block that is not there comes last, before an `end`: %j', (text, expected) => {
  expect(withLines(text, ROUTER_OSPF, ['capability opaque'])).toBe(expected);
});

test('an empty line, a comment or an exclamation mark ends no block: what comes after them counts as well', () => {
  const slow = '  timers throttle spf 200 1000 10000\n';
  const text = `router ospf\n ospf router-id 10.0.0.1\n\n!\n# from the old router\n${slow}!\nroute-map x permit 10\n`;
  expect(withLines(text, ROUTER_OSPF, TIMERS)).toBe(
    text.replace(slow, ' timers throttle spf 0 10 100\n timers throttle lsa all 0\n'),
  );
});

test('the other name of the same line is known', () => {
  const text = 'router ospf\n no ospf  opaque-lsa\nexit\n';
  expect(withLines(text, ROUTER_OSPF, ['capability opaque'])).toBe('router ospf\n capability opaque\nexit\n');
});

test('an interface may have several blocks: a line is looked for in all of them', () => {
  const text =
    'interface eth0\n ip address 10.1.1.1/24\nexit\n!\ninterface eth0 vrf default\n ip ospf priority 5\n ip ospf bfd profile old\n ip route 1.2.3.0/24 blackhole\n ip ospf priority 7\n';
  expect(linesIn(text, ETH0)).toEqual(['ip address 10.1.1.1/24', 'ip ospf priority 5', 'ip ospf bfd profile old']);
  expect(withLines(text, ETH0, ['ip ospf priority 0', 'ip ospf bfd', 'ip ospf bfd profile srrd'])).toBe(
    text
      .replace('priority 5', 'priority 0')
      .replace('profile old', 'profile srrd')
      .replace('10.1.1.1/24\n', '10.1.1.1/24\n ip ospf bfd\n'),
  );
});

test('another key takes the place of the one with its number', () => {
  const text = 'interface eth0\n ip ospf authentication\n ip ospf message-digest-key 1 md5 old\nexit\n';
  const wanted = ['ip ospf authentication message-digest', 'ip ospf message-digest-key 1 md5 123'];
  expect(withLines(text, ETH0, wanted)).toBe(
    'interface eth0\n ip ospf authentication message-digest\n ip ospf message-digest-key 1 md5 123\nexit\n',
  );
});

test('a profile is one of several below bfd', () => {
  const others = 'bfd\n profile slow\n  transmit-interval 900\n exit\n peer 10.0.0.9\n exit\nexit\nrouter ospf\n';
  const with50 = withLines(others, PROFILE, ['transmit-interval 50']);
  expect(with50).toBe(others.replace('bfd\n', 'bfd\n profile srrd\n  transmit-interval 50\n exit\n'));
  expect(linesIn(with50, PROFILE)).toEqual(['transmit-interval 50']);
  expect(linesIn(with50, ['bfd', 'profile slow'])).toEqual(['transmit-interval 900']);
  expect(withLines(with50, PROFILE, ['transmit-interval 60'])).toBe(with50.replace('interval 50', 'interval 60'));
});

test.each([
  [
    'router ospf\n ospf router-id 10.0.0.1\nexit\n!\nrouter ospf\n timers throttle spf 1 2 3\nexit\n',
    'another in line 5',
  ],
  ['router ospf\nexit\nrouter  ospf vrf default\nexit\n', 'another in line 3'],
  ['router ospf\n!\ntimers throttle spf 1 2 3\nexit\n', 'got `timers throttle spf 1 2 3` in line 3'],
  ['router ospf\nrouter-info area\nexit\n', 'got `router-info area` in line 2'],
])('where it is not certain what is in the block, nothing is written: %j', (text, why) => {
  expect(() => withLines(text, ROUTER_OSPF, TIMERS)).toThrow(why);
  expect(() => withLines(text, ROUTER_OSPF, TIMERS)).toThrow('write');
});

test.each(['exit-link-params', 'exit'])(
  'lines of link-params are nested: what comes after `%s` is of the interface',
  (leaves) => {
    const text = `interface eth0\n link-params\n  enable\n  metric 5\n ${leaves}\n ip ospf cost 5\nexit\nrouter bgp 1\n`;
    expect(withLines(text, ETH0, ['ip ospf bfd', 'ip ospf cost 7'])).toBe(
      text.replace('cost 5\n', 'cost 7\n ip ospf bfd\n'),
    );
    const last = 'interface eth0\n link-params\n  enable\n!\nenable password x\n';
    expect(withLines(last, ETH0, ['ip ospf bfd'])).toBe(last.replace('enable\n!', 'enable\n ip ospf bfd\n!'));
  },
);

test('an interface whose lines are not indented is left to a person', () => {
  expect(() => withLines('interface eth0\nip ospf cost 5\n', ETH0, ['ip ospf bfd'])).toThrow(
    'got `ip ospf cost 5` in line 2',
  );
});
