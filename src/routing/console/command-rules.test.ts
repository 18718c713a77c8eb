import { describe, expect, it } from 'vitest';
import { commandKind, commandProblem, commandWithoutSecrets } from './command-rules.js';

describe('a command', () => {
  it.each([
    'show ip route\nconfigure terminal',
    'show\0write',
    'show ip route\r',
    'show ip route\r\nwrite memory',
    'show \x1b[2J',
    'show \x7f',
    'show\u2028write',
    'show\tip',
    'show ip ?',
    '',
    '  ',
    'show ü',
    'x'.repeat(1001),
  ])('is refused if it is not one plain line: %j', (command) => expect(commandProblem(command)).toMatch(/.{20}/));

  it.each([
    'show ip route',
    'show running-config | include ospf',
    'show version |include a.c (d) $e',
    'find ip ospf neighbor',
    'list',
    'configure terminal',
    'conf t',
    'write terminal',
    'table 5',
    'timers throttle spf 0 50 100',
    'static x',
    'ip ospf message-digest-key 1 md5 a!b#c',
    'x'.repeat(1000),
  ])('is taken: %s', (command) => expect(commandProblem(command)).toBeUndefined());

  it.each([
    'show version | exclude x',
    'show version | ',
    'show version | include',
    'list | include x',
    'find x | include (((((.{0,20}){0,20}){0,20})))Z',
    'router ospf | include x',
    'description a | b',
  ])('is refused if it would make FRR filter: %s', (command) => {
    expect(commandProblem(command)).toContain('no regular expression');
  });

  it.each([
    'find (((((.{0,20}){0,20}){0,20})))Z',
    'find ip .*',
    'fi (a|a)*b',
    '  FIND a{9}',
    'do find [a-z]',
    'do f x+',
  ])('is refused if it has an expression for FRR: %s', (command) => {
    expect(commandProblem(command)).toMatch(/expected plain words|no regular expression/);
  });

  it.each(['show ip route > /tmp/x', 'show version >>/tmp/x', 'list </etc/passwd', 'show ip ospf 2>&1'])(
    'is refused if it is redirected: %s',
    (command) => expect(commandProblem(command)).toContain('no redirection'),
  );

  it.each([
    'start-shell bash',
    'start-shell',
    'sta',
    'copy /tmp/x running-config',
    'cop /tmp/x run',
    'terminal monitor',
    'terminal length 0',
    'ter len 0',
    'do te mon',
    'telnet 10.0.0.1',
    'ssh 10.0.0.1',
    'ping 10.0.0.1',
    'traceroute 10.0.0.1',
  ])('is refused if it is for a terminal, a file or another program: %s', (command) =>
    expect(commandProblem(command)).toContain('is not taken here'),
  );

  it.each([
    'list permutations',
    'li p',
    'do list perm',
    'show commandtree permutations',
    'sh com per',
    'do sh com per',
  ])('is refused if FRR would stand still for it: %s', (command) =>
    expect(commandProblem(command)).toContain('`permutations` keeps'),
  );

  it.each([
    ['show ip route', 'show'],
    ['  SHOW  ip ospf neighbor detail', 'show'],
    ['show route-map', 'show'],
    ['list', 'show'],
    ['find ospf', 'show'],
    ['who', 'show'],
    ['show ip ospf | include x', 'show-to-admins'],
    ['show version | include (((((.{0,20}){0,20}){0,20})))Z', 'show-to-admins'],
    ['show', 'show-to-admins'],
    ['show ip os neighbor', 'show-to-admins'],
    ['show logging', 'show-to-admins'],
    ['show commandtree', 'show-to-admins'],
    ['show ip ospfx', 'show-to-admins'],
    ['show running-config', 'show-to-admins'],
    ['show run', 'show-to-admins'],
    ['show r', 'show-to-admins'],
    ['show startup-config', 'show-to-admins'],
    ['show configuration running', 'show-to-admins'],
    ['show yang operational-data /frr', 'show-to-admins'],
    ['show mgmt datastore-contents running', 'show-to-admins'],
    ['sh ip route', 'change'],
    ['configure terminal', 'change'],
    ['write memory', 'change'],
    ['clear ip ospf process', 'change'],
    ['no router ospf', 'change'],
    ['debug ospf event', 'change'],
    ['do show running-config', 'change'],
    ['showx', 'change'],
  ] as const)('"%s" is a %s', (command, kind) => expect(commandKind(command)).toBe(kind));
});

describe('a command for the log', () => {
  it.each([
    ['enable password 8 tEsT', 'enable password ***'],
    ['ip ospf message-digest-key 1 md5 geheim', 'ip ospf message-digest-key 1 md5 ***'],
    ['ip rip authentication string geheim', 'ip rip authentication string ***'],
    ['ip nhrp authentication geheim', 'ip nhrp authentication ***'],
    ['ip ospf authentication message-digest', 'ip ospf authentication message-digest'],
    ['ip ospf authentication-key geheim', 'ip ospf authentication-key ***'],
    ['network 10.0.0.0/8 area 0', 'network 10.0.0.0/8 area 0'],
    ['service password-encryption', 'service password-encryption'],
  ])('has no secrets: %s', (command, expected) => expect(commandWithoutSecrets(command)).toBe(expected));
});
