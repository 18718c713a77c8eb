import { expect, test } from 'vitest';
import { withRouterLines } from './router-lines.js';

const TIMERS = ['timers throttle lsa all 0', 'timers throttle spf 0 10 100'];

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
  const edited = withRouterLines(FILE, TIMERS);
  expect(edited).toMatchObject({
    removed: [' timers throttle spf 200 1000 10000'],
    added: [' timers throttle spf 0 10 100', ' timers throttle lsa all 0'],
  });
  expect(edited?.text).toBe(
    FILE.replace('spf 200 1000 10000', 'spf 0 10 100').replace(
      ' network 10.1.1.0/24 area 0\n',
      ' network 10.1.1.0/24 area 0\n timers throttle lsa all 0\n',
    ),
  );
});

test('what is there already is no change, and what is forbidden is allowed', () => {
  const once = withRouterLines(FILE, TIMERS)?.text ?? '';
  expect(withRouterLines(once, TIMERS)).toEqual({ text: once, removed: [], added: [] });
  const opaque = FILE.replace(' ospf router-id', ' no capability opaque\n ospf router-id');
  expect(withRouterLines(opaque, ['capability opaque'])).toMatchObject({
    removed: [' no capability opaque'],
    added: [' capability opaque'],
  });
});

test('a block may end with an exclamation mark, with the next block, or with the file', () => {
  for (const end of ['!\nline vty\n', 'router bgp 1\n bgp router-id 1.1.1.1\n', '']) {
    const edited = withRouterLines(`router ospf\n ospf router-id 10.0.0.1\n${end}`, ['timers lsa min-arrival 0']);
    expect(edited?.text).toBe(`router ospf\n ospf router-id 10.0.0.1\n timers lsa min-arrival 0\n${end}`);
  }
});

test('without such a block there is no place for it', () => {
  expect(withRouterLines('router ospf vrf red\n ospf router-id 10.0.0.1\nexit\n', TIMERS)).toBeNull();
});

test('an empty line, a comment or an exclamation mark ends no block: what comes after them counts as well', () => {
  const slow = '  timers throttle spf 200 1000 10000\n';
  const text = `router ospf\n ospf router-id 10.0.0.1\n\n!\n# from the old router\n${slow}!\nroute-map x permit 10\n`;
  const edited = withRouterLines(text, TIMERS);
  expect(edited?.removed).toEqual(['  timers throttle spf 200 1000 10000']);
  expect(edited?.text).toBe(text.replace(slow, ' timers throttle spf 0 10 100\n timers throttle lsa all 0\n'));
});

test('the other name of the same line is known', () => {
  const text = 'router ospf\n no ospf  opaque-lsa\nexit\n';
  expect(withRouterLines(text, ['capability opaque'])?.text).toBe('router ospf\n capability opaque\nexit\n');
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
  expect(() => withRouterLines(text, TIMERS)).toThrow(why);
  expect(() => withRouterLines(text, TIMERS)).toThrow('write');
});
