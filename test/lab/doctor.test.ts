import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import {
  block,
  complaints,
  configure,
  doctorArguments,
  endDoctors,
  type Finding,
  finding,
  findings,
  isClean,
  lines,
  setUpAsDocumented,
} from './doctor.js';
import { createLab, ECHO_MAKEFILE, type Host, type Lab, type Subnet, until } from './index.js';

const SRRCTL = join(CHECKOUT, 'bin', 'srrctl');
const ADDRESS = '172.16.15.1';
const WEB = { addresses: [ADDRESS], makefile: ECHO_MAKEFILE };

describe('srrctl doctor, on FRR 8.4 or what is installed (a) and FRR 10 (b)', () => {
  let lab: Lab;
  let wire: Subnet;
  let far: Subnet;
  let a: Host;
  let b: Host;

  beforeAll(async () => {
    // Other timers than the document's: those found to be well are from there.
    const timing = { spfThrottleMs: [11, 12, 13_000], lsaThrottleMs: 14, lsaMinArrivalMs: 15 } as const;
    lab = await createLab({ name: 'doctor', bfd: false, timing });
    wire = lab.subnet('wire', '10.1.1.0/24');
    far = lab.subnet('far', '10.1.2.0/24');
    a = await lab.node('a', { subnets: [wire] });
    b = await lab.node('b', { subnets: [wire], frr: '10' });
    for (const node of [a, b]) await setUpAsDocumented(node);
    await lab.converged();
    for (const node of [a, b]) await node.startSrrd({ services: { WEB } });
  });

  afterAll(async () => {
    endDoctors();
    await lab?.destroy();
  });

  it('says of two documented nodes only that a network of two wants onIsolation: keep', async () => {
    await finding(a, 'isolation');
    await until(async () => (await complaints(a)).length === 1, { what: 'there is nothing else', timeoutMs: 120_000 });
    expect(lines(await finding(a, 'isolation'))).toEqual(['onIsolation: keep']);
    for (const node of [a, b]) {
      await node.srrd.kill('SIGTERM');
      await node.startSrrd({ config: { onIsolation: 'keep' } });
    }
    await isClean(a);
    await isClean(b);
    const { stdout, exitCode } = await a.tryExec([process.execPath, SRRCTL, ...doctorArguments(a)]);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^FINE\n[\s\S]*\n0 broken, 0 should change/)]);
  });

  it('wants a node that shares the link with a router never to be its DR', async () => {
    const r = await lab.router('r', { subnets: [wire, far] });
    await setUpAsDocumented(r);
    await configure(r, ['interface eth1', 'ip ospf bfd']);
    for (const node of [a, b]) {
      expect(lines(await finding(node, 'designated-router'))).toContain(' ip ospf priority 0');
      await configure(node, block('frr.conf shared link'));
    }
    await configure(r, ['interface eth0', 'ip ospf priority 100']);
    await lab.converged();
    await isClean(a);
    await isClean(b);
  });

  it('finds the documented lines that are missing in ospfd, and its own lines put them right', async () => {
    const faults: Readonly<Record<string, readonly string[]>> = {
      opaque: ['router ospf', 'no capability opaque'],
      'lsa-throttle': ['router ospf', 'no timers throttle lsa all'],
      'lsa-min-arrival': ['router ospf', 'no timers lsa min-arrival'],
      'spf-throttle': ['router ospf', 'no timers throttle spf'],
      bfd: ['interface eth0', 'no ip ospf bfd'],
      authentication: ['interface eth0', 'no ip ospf authentication'],
    };
    for (const node of [a, b]) {
      for (const fault of Object.values(faults)) await configure(node, fault);
      // Last of all the neighbours are lost, for want of authentication.
      const found = await findings(node, Object.keys(faults));
      expect(found.map(({ level }) => level)).toEqual(['broken', 'change', 'change', 'change', 'change', 'change']);
      // The second remedy of BFD is its profile, which is there; the third is what to do instead.
      const repairs = found.flatMap(({ remedies }) => remedies[0]!.lines);
      await configure(
        node,
        repairs.map((line) => line.trim().replace('YOUR-KEY', 'lab-key')).filter((line) => line !== 'exit'),
      );
    }
    for (const node of [a, b]) await isClean(node);
  });

  it('puts right what lines below router ospf can, in ospfd and in its file, and shows it first', async () => {
    for (const node of [a, b]) {
      await configure(node, ['router ospf', 'no timers throttle lsa all', 'no timers throttle spf']);
      await findings(node, ['lsa-throttle', 'spf-throttle']);
      const folder = join(node.directory, 'fix');
      mkdirSync(folder);
      const before = `router ospf\n ospf router-id ${node.routerId}\n timers throttle spf 200 1000 10000\nexit\n`;
      writeFileSync(join(folder, 'frr.conf'), before, { mode: 0o640 });
      const fix = (...more: string[]) =>
        node.tryExec([
          process.execPath,
          SRRCTL,
          ...doctorArguments(node, '--frr-dir', folder, '--fix', 'all', ...more),
        ]);
      const shown = await fix();
      expect([shown.exitCode, shown.stdout]).toEqual([0, expect.stringContaining('Nothing was changed')]);
      expect(shown.stdout).toMatch(/- timers throttle spf 200 1000 10000\n\s+\+ timers throttle spf 0 10 100\n/);
      expect(readFileSync(join(folder, 'frr.conf'), 'utf8')).toBe(before);
      await findings(node, ['lsa-throttle', 'spf-throttle']);
      const done = await fix('--apply');
      expect([done.exitCode, done.stderr]).toEqual([0, '']);
      const after = readFileSync(join(folder, 'frr.conf'), 'utf8');
      expect(after).toBe(
        before.replace('200 1000 10000', '0 10 100').replace('exit', ' timers throttle lsa all 0\nexit'),
      );
      const [, copy = ''] = /as it was: (\S+)/.exec(done.stdout) ?? [];
      expect(readFileSync(copy, 'utf8')).toBe(before);
      expect((await fix('--apply')).stdout).toBe('There is nothing to put right.');
      await isClean(node);
    }
  });

  it('finds authentication that shows its password, or has no key', async () => {
    await configure(a, ['interface eth0', 'ip ospf authentication']);
    expect((await finding(a, 'authentication')).text).toContain('shows its password in every packet');
    await configure(a, ['interface eth0', 'ip ospf authentication message-digest', 'no ip ospf message-digest-key 1']);
    const empty = await finding(a, 'authentication');
    expect(empty.text).toContain('empty key');
    await configure(
      a,
      lines(empty).map((line) => line.trim().replace('YOUR-KEY', 'lab-key')),
    );
    await isClean(a);
  });

  it('finds that no interface takes part in OSPF', async () => {
    await configure(a, ['router ospf', 'passive-interface eth0']);
    expect(await finding(a, 'router-ospf')).toMatchObject({
      level: 'broken',
      text: expect.stringContaining('No interface'),
    });
    await configure(a, ['router ospf', 'no passive-interface eth0']);
    await isClean(a);
  });

  it('finds BFD that is slower at the other end, and a session that is not up', async () => {
    await configure(b, ['bfd', 'profile srrd', 'transmit-interval 200'], 'bfdd');
    expect((await finding(a, 'bfd-interval')).text).toContain('600 ms');
    await configure(b, ['bfd', 'profile srrd', 'transmit-interval 50'], 'bfdd');
    await isClean(a);
    await configure(b, ['interface eth0', 'no ip ospf bfd']);
    expect((await finding(a, 'bfd')).text).toMatch(/session to 10\.0\.0\.2 on eth0 is not up/);
    await configure(b, ['interface eth0', 'ip ospf bfd', 'ip ospf bfd profile srrd']);
    await isClean(a);
  });

  it('finds a bfdd that does not run, and takes a short dead interval instead of BFD', async () => {
    await a.frr.kill('bfdd', 'SIGTERM');
    expect(lines(await finding(a, 'bfd'))).toEqual(['bfdd=yes']);
    for (const host of lab.hosts) {
      await configure(host, ['interface eth0', 'no ip ospf bfd', 'ip ospf dead-interval minimal hello-multiplier 5']);
    }
    await isClean(a);
    await a.frr.start('bfdd');
    await configure(
      a,
      block('frr.conf')
        .slice(0, 7)
        .map((line) => line.trim()),
      'bfdd',
    );
    for (const host of lab.hosts) {
      await configure(host, [
        'interface eth0',
        'no ip ospf dead-interval',
        'ip ospf dead-interval 4',
        'ip ospf bfd',
        'ip ospf bfd profile srrd',
      ]);
    }
    await isClean(a);
  });

  it('finds a neighbour that does not hear us', async () => {
    const rule = ['inet', 'srrd', 'input', 'ip', 'protocol', 'ospf', 'ip', 'saddr', a.link().address, 'drop'];
    await b.exec(['nft', 'insert', 'rule', ...rule]);
    const found = await finding(a, 'neighbour-stuck-init');
    expect([found.level, found.text]).toEqual([
      'broken',
      expect.stringContaining(`10.0.0.2 (${b.link().address}) on eth0`),
    ]);
    await b.exec(['nft', 'flush', 'chain', 'inet', 'srrd', 'input']);
    await b.exec(['nft', '-f', '-'], { input: `${block('nftables').join('\n')}\n` });
    await isClean(a);
  });

  it('finds a neighbour with another MTU', async () => {
    // b is adjacent to the DR only: the router is where an exchange fails.
    await b.exec(['ip', 'link', 'set', 'dev', 'eth0', 'mtu', '1400']);
    await b.vtysh('clear ip ospf interface eth0').catch(() => '');
    await b.vtysh('clear ip ospf process');
    const found = await finding(b, 'neighbour-stuck-exchange');
    expect([found.level, found.text]).toEqual(['broken', expect.stringContaining('ours is 1400')]);
    await b.exec(['ip', 'link', 'set', 'dev', 'eth0', 'mtu', '1500']);
    await b.vtysh('clear ip ospf process');
    await isClean(b);
  });

  it('finds a link on which nobody may be DR', async () => {
    const r = lab.hosts.find(({ name }) => name === 'r')!;
    await configure(r, ['interface eth0', 'ip ospf priority 0']);
    expect((await finding(a, 'no-designated-router')).level).toBe('broken');
    await configure(r, ['interface eth0', 'ip ospf priority 100']);
    await isClean(a);
  });

  it('finds a node without neighbours', async () => {
    await a.cut();
    expect((await finding(a, 'neighbours')).level).toBe('broken');
    await a.restore();
    await isClean(a);
  });

  it('finds an open API, with the rule that closes it, and knows other rules that do', async () => {
    await a.exec(['nft', 'delete', 'table', 'inet', 'srrd']);
    const open = await finding(a, 'api-open');
    expect(open.level).toBe('broken');
    const local = await finding(a, 'local-open');
    expect([local.level, local.text]).toEqual(['change', expect.stringContaining('2607')]);
    const rule = `${[...lines(open), ...lines(local)].join('\n')}\n`;
    await a.exec(['nft', '-f', '-'], { input: rule });
    await isClean(a);
    await a.exec(['nft', 'flush', 'ruleset']);
    const policy = `table ip f { \n chain input {\n type filter hook input priority 0; policy drop;
      iif lo accept\n meta l4proto { icmp, ospf } accept\n udp dport 3784 accept\n
      ct state vmap { established : accept, related : accept }\n ip saddr 10.1.1.0/24 tcp dport 22 accept\n }\n }\n${lines(local).join('\n')}\n`;
    await a.exec(['nft', '-f', '-'], { input: policy });
    await isClean(a);
    await a.exec([
      'nft',
      'add',
      'rule',
      'ip',
      'f',
      'input',
      'ip',
      'saddr',
      '10.9.0.0/16',
      'tcp',
      'dport',
      '2600-2610',
      'accept',
    ]);
    expect((await finding(a, 'api-open')).text).toContain('Some other machines');
    await a.exec(['nft', 'flush', 'ruleset']);
    await a.exec(['nft', '-f', '-'], { input: rule });
    await isClean(a);
  });

  it('finds a VTY that srrd cannot use, and one that others can', async () => {
    const good = readFileSync(a.srrd.configFile, 'utf8');
    const tcp = (password: string) =>
      good.replace(/ {2}socketDir: .*/, (line) => `${line}\n  ospfd: { password: ${password} }`);
    writeFileSync(a.srrd.configFile, tcp('wrong'));
    expect(await finding(a, 'vty')).toMatchObject({
      level: 'broken',
      text: expect.stringContaining('does not take the password'),
    });
    writeFileSync(a.srrd.configFile, good.replace(/socketDir: .*/, 'socketDir: /nowhere'));
    expect((await finding(a, 'vty')).text).toContain('/nowhere/ospfd.vty');
    writeFileSync(a.srrd.configFile, tcp('zebra'));
    await isClean(a);
    await configure(a, ['password CHANGE-ME', 'enable password CHANGE-ME']);
    writeFileSync(a.srrd.configFile, tcp('CHANGE-ME'));
    await finding(a, 'example-password');
    await configure(a, ['password zebra', 'enable password zebra']);
    writeFileSync(a.srrd.configFile, good);
    const listener = a.spawn('vty', [
      process.execPath,
      '-e',
      `require('net').createServer().listen(2617, '${a.link().address}')`,
    ]);
    expect((await finding(a, 'vty-open')).text).toContain('2617');
    await listener.kill();
    await isClean(a);
  });

  it('finds addresses of services in what FRR has saved, and in what it has configured', async () => {
    const file = a.frr.configFile('ospfd');
    const saved = readFileSync(file, 'utf8');
    await until(async () => (await Promise.all([a, b].map((node) => node.holds(ADDRESS)))).includes(true));
    const owner = (await a.holds(ADDRESS)) ? a : b;
    const ownerFile = owner.frr.configFile('ospfd');
    const before = readFileSync(ownerFile, 'utf8');
    // Real `write memory` while the service is up.
    await owner.vtysh('write memory');
    expect(lines(await finding(owner, 'alias-saved'))).toEqual([`network ${ADDRESS}/32 area 0.0.0.0`]);
    writeFileSync(ownerFile, before);
    writeFileSync(file, `${saved}interface lo\n ip address ${ADDRESS}/32\n`);
    expect((await finding(a, 'alias-saved')).level).toBe('broken');
    writeFileSync(file, saved);
    for (const [node, daemon] of [
      [a, 'zebra'],
      [b, 'mgmtd'],
    ] as const) {
      await configure(node, ['interface lo', `ip address ${ADDRESS}/32`], daemon);
      expect((await finding(node, 'alias-configured')).level).toBe('broken');
      // srrd may have removed it already (docs/frr-setup.md): FRR then refuses to. Whether it is gone is asked below.
      await configure(node, ['interface lo', `no ip address ${ADDRESS}/32`], daemon).catch(() => {});
    }
    await isClean(a);
    await isClean(b);
  });

  it('finds programs that are missing', async () => {
    const bin = join(a.directory, 'bin');
    mkdirSync(bin);
    for (const name of ['make', 'nft']) symlinkSync((await a.exec(['which', name])).stdout, join(bin, name));
    const found = await finding(a, 'programs', bin);
    expect([found.level, lines(found)]).toEqual(['broken', ['apt-get install iproute2']]);
    rmSync(join(bin, 'make'));
    const both = (await complaints(a, bin)).filter(({ check }) => check === 'programs');
    expect(both.flatMap(lines)).toContain('apt-get install make');
  });

  it('finds a clock that is not synchronised', async () => {
    const bin = join(a.directory, 'clock');
    mkdirSync(bin);
    // The clock is the machine's: what says that it is not synchronised is the one thing here that is not real.
    writeFileSync(join(bin, 'timedatectl'), '#!/bin/sh\necho no\n', { mode: 0o755 });
    expect((await finding(a, 'clock', `${bin}:${process.env.PATH}`)).level).toBe('change');
  });

  it('finds a kernel that does not forward, or drops what comes another way', async () => {
    await a.exec(['sysctl', '-qw', 'net.ipv4.conf.eth0.rp_filter=1']);
    expect(lines(await finding(a, 'rp-filter'))).toContain('net.ipv4.conf.eth0.rp_filter = 2');
    await a.exec(['sysctl', '-qw', 'net.ipv4.conf.eth0.rp_filter=0']);
    await a.exec(['sysctl', '-qw', 'net.ipv4.ip_forward=0']);
    // One link: there is nothing to forward.
    await isClean(a);
    await a.exec(['ip', 'link', 'add', 'second', 'type', 'veth', 'peer', 'name', 'other']);
    await a.exec(['ip', 'addr', 'add', '10.8.0.1/24', 'dev', 'second']);
    for (const name of ['second', 'other']) await a.exec(['ip', 'link', 'set', name, 'up']);
    await configure(a, ['router ospf', 'network 10.8.0.0/24 area 0.0.0.0']);
    expect(lines(await finding(a, 'forwarding'))).toContain('net.ipv4.ip_forward = 1');
    await configure(a, ['router ospf', 'no network 10.8.0.0/24 area 0.0.0.0']);
    await a.exec(['ip', 'link', 'del', 'second']);
    await a.exec(['sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    await isClean(a);
  });

  it('finds a Makefile without all targets, and a definition or configuration that is wrong', async () => {
    const makefile = join(a.directory, 'Makefile');
    const without = readFileSync(ECHO_MAKEFILE, 'utf8').replace(/\breload\b/g, 'other');
    writeFileSync(makefile, without);
    a.srrd.define('MAIL', { addresses: ['172.16.15.9'], makefile });
    const found = await finding(a, 'makefile');
    expect([found.level, lines(found)]).toEqual(['broken', ['reload: ;']]);
    writeFileSync(makefile, `${without}\n${lines(found).join('\n')}\n`);
    await isClean(a);
    a.srrd.define('MAIL', { addresses: ['172.16.15.9'], makefile, preference: 256 });
    expect((await finding(a, 'definitions')).text).toContain('preference');
    const own = a.link().address;
    a.srrd.define('MAIL', { addresses: [own], makefile });
    const text = `this machine has ${own} on eth0 by itself`;
    expect((await finding(a, 'definitions')).text).toContain(text);
    const checked = await a.tryExec([join(CHECKOUT, 'bin', 'srrd'), '--config', a.srrd.configFile, '--check']);
    expect([checked.exitCode, checked.stderr]).toEqual([2, expect.stringContaining(text)]);
    rmSync(join(a.srrd.stateDirectory, 'services', 'MAIL.yaml'));
    const config = readFileSync(a.srrd.configFile, 'utf8');
    writeFileSync(a.srrd.configFile, `${config}explode: 7\n`);
    expect((await finding(a, 'unknown-configuration')).text).toContain('explode');
    writeFileSync(a.srrd.configFile, config);
    await isClean(a);
  });

  it('finds definitions that differ between nodes, in conflict, or not read yet', async () => {
    b.srrd.define('WEB', { ...WEB, check: { interval: '5s' } });
    expect((await finding(b, 'definition-not-read')).level).toBe('change');
    b.srrd.signal('SIGHUP');
    expect((await finding(a, 'definition-differs')).text).toContain('10.0.0.2');
    // What is in use changes when it is deactivated.
    b.srrd.define('WEB', { ...WEB, scope: 'area' });
    b.srrd.signal('SIGHUP');
    await b.srrctl('service', 'deactivate', 'WEB');
    await b.srrctl('service', 'activate', 'WEB');
    const conflict = await finding(a, 'definition-conflict');
    expect([conflict.level, conflict.text]).toEqual(['broken', expect.stringContaining('in scope')]);
    expect((await finding(a, 'not-counted')).text).toContain('The replica of WEB on ');
    b.srrd.define('WEB', WEB);
    b.srrd.signal('SIGHUP');
    await b.srrctl('service', 'deactivate', 'WEB');
    await b.srrctl('service', 'activate', 'WEB');
    await isClean(a);
    await isClean(b);
  });

  it('finds a service that has failed', async () => {
    const makefile = join(a.directory, 'fails.mk');
    const others = 'activate deactivate stop reload restart join leave failed status check';
    writeFileSync(makefile, `${others}:\n\t@:\nstart:\n\tfalse\n`);
    a.srrd.define('FAILS', { addresses: ['172.16.15.8'], makefile });
    a.srrd.signal('SIGHUP');
    expect((await finding(a, 'failed')).text).toContain('FAILS has failed on a: start-failed');
    rmSync(join(a.srrd.stateDirectory, 'services', 'FAILS.yaml'));
    a.srrd.signal('SIGHUP');
    await isClean(a);
  });

  it('finds a node of the cluster in another area', async () => {
    const c = await lab.node('c', { subnets: [far] });
    const r = lab.hosts.find(({ name }) => name === 'r')!;
    await configure(r, [
      'router ospf',
      'no network 10.1.2.0/24 area 0.0.0.0',
      'network 10.1.2.0/24 area 0.0.0.1',
      'exit',
      'interface eth1',
      'no ip ospf bfd',
    ]);
    await configure(c, [
      'router ospf',
      'no network 10.1.2.0/24 area 0.0.0.0',
      `no network ${c.routerId}/32 area 0.0.0.0`,
      'network 10.1.2.0/24 area 0.0.0.1',
    ]);
    await c.startSrrd({ services: { WEB } });
    expect(await finding(a, 'foreign')).toMatchObject({ level: 'broken', text: expect.stringContaining(c.routerId!) });
    await c.srrd.kill('SIGTERM');
    await isClean(a);
  });

  it('finds an srrd that does not run, and does all the rest without it', async () => {
    await a.srrd.kill('SIGTERM');
    const found = await complaints(a);
    expect(found.map(({ check }) => check)).toEqual(['srrd']);
    expect(lines(found[0]!)).toEqual(['systemctl start srrd']);
  });

  it('finds an LSA that is too long for the API', async () => {
    await b.srrd.kill('SIGTERM');
    const addresses = Array.from({ length: 125 }, (_, index) => `addr add 10.77.0.${index + 1}/32 dev lo`);
    await a.exec(['ip', '-batch', '-'], { input: `${addresses.join('\n')}\n` });
    await configure(a, ['router ospf', 'network 10.77.0.0/24 area 0.0.0.0']);
    for (const node of [a, b]) {
      expect(await finding(node, 'lsa-size')).toMatchObject({
        level: 'broken',
        text: expect.stringContaining('Router LSA 10.0.0.1'),
      });
    }
    await configure(a, ['router ospf', 'no network 10.77.0.0/24 area 0.0.0.0']);
  });

  it('finds an ospfd without an instance, without its API, and none at all', async () => {
    for (const node of [a, b]) {
      await configure(node, ['no router ospf']);
      expect(await finding(node, 'router-ospf')).toMatchObject({ level: 'broken' });
    }
    await a.frr.kill('ospfd', 'SIGTERM');
    expect(lines(await finding(a, 'ospf-api'))).toContain('ospfd=yes');
    const r = lab.hosts.find(({ name }) => name === 'r')!;
    writeFileSync(join(r.directory, 'srrd.yaml'), `vty: { socketDir: ${r.frr.socketDirectory} }\n`);
    const { stdout } = await r.tryExec([
      process.execPath,
      SRRCTL,
      'doctor',
      '--json',
      '--config',
      join(r.directory, 'srrd.yaml'),
    ]);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    expect(findings.find(({ check }) => check === 'ospf-api')).toMatchObject({
      level: 'broken',
      text: expect.stringContaining('without its API'),
    });
  });
});
