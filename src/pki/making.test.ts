import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAuthorities, readRevocationList } from './index.js';
import { initAuthority, issueClient, issueServer, readLedger, revoke } from './making.js';

const scratch = mkdtempSync(join(tmpdir(), 'srrd-pki-'));
const directory = join(scratch, 'pki');
const now = new Date();
const common = { directory, days: 30, now, force: false };

beforeAll(() => initAuthority({ directory, cluster: 'shop', days: 3650, now }));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function server(name: string, force = false) {
  return issueServer({ ...common, name, addresses: ['10.0.0.1', '2001:db8::1', 'alpha.example.org'], force });
}

function client(name: string, password: string | null = null) {
  return issueClient({ ...common, name, role: 'operator', password });
}

function authorities() {
  return readAuthorities(readFileSync(join(directory, 'ca.crt'), 'utf8'));
}

function revocations() {
  return readRevocationList(readFileSync(join(directory, 'crl.pem')), authorities());
}

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

function openssl(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

test('the authority may sign certificates and lists, and nothing below it may', () => {
  const certificate = authorities()[0]!.certificate;
  expect(certificate.ca).toBe(true);
  expect(certificate.subject).toMatch(/^O=shop\nOU=authority\nCN=shop \d{8}T\d{4}$/);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
  expect(revocations()).toMatchObject({ number: 1, serials: new Set() });
});

test('a server has its addresses in its certificate, is a client too, and nobody else reads its key', async () => {
  const { certificate, files } = await server('alpha');
  const made = new X509Certificate(readFileSync(files.certificate));
  expect(made.subject).toBe('O=shop\nOU=node\nCN=alpha');
  expect(made.checkIP('10.0.0.1')).toBe('10.0.0.1');
  expect(made.checkIP('2001:db8::1')).toBe('2001:db8::1');
  expect(made.checkHost('alpha.example.org')).toBe('alpha.example.org');
  expect(made.checkIP('10.0.0.2')).toBeUndefined();
  // Node.js calls extKeyUsage keyUsage: serverAuth and clientAuth (RFC 5280 section 4.2.1.12).
  expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(made.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  expect(made.serialNumber).toBe(certificate.serial);
  expect(made.verify(authorities()[0]!.publicKey)).toBe(true);
  expect(statSync(files.key).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'server')).mode & 0o777).toBe(0o700);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('a client has its role in the subject', async () => {
  const { files, password } = await client('jane');
  const made = new X509Certificate(readFileSync(files.certificate));
  expect(made.subject).toBe('O=shop\nOU=operator\nCN=jane');
  expect(made.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  expect(password).toMatch(/^([A-Z2-9]{5}-){3}[A-Z2-9]{5}$/);
  const files12 = readFileSync(join(directory, 'client', 'jane.p12'));
  expect(files12.includes(password)).toBe(false);
});

test('revoking a name signs the next list with all its certificates', async () => {
  const first = await server('beta');
  const second = await server('beta', true);
  const { number } = revocations();
  const { certificates, crlNumber } = await revoke(directory, 'beta', now);
  const serials = [first.certificate.serial, second.certificate.serial];
  expect(certificates.map(({ serial }) => serial)).toEqual(serials);
  expect(crlNumber).toBe(number + 1);
  expect(revocations()).toMatchObject({ number: number + 1, serials: new Set(serials) });
  expect(readLedger(directory).certificates.filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(2);
  expect((await revoke(directory, 'beta', now)).certificates).toEqual([]);
});

test('one certificate is revoked by its serial number, as openssl or Node.js writes it', async () => {
  const { serial } = (await server('gamma')).certificate;
  const colons = serial.toLowerCase().match(/../g)!.join(':');
  expect((await revoke(directory, colons, now)).certificates.map((one) => one.serial)).toEqual([serial]);
});

test('a key is never overwritten unless it is said', async () => {
  const { files } = await server('delta');
  const before = readFileSync(files.key, 'utf8');
  await expect(server('delta')).rejects.toThrow(/delta\.key exists: --force overwrites it/);
  expect(readFileSync(files.key, 'utf8')).toBe(before);
  await server('delta', true);
  expect(readFileSync(files.key, 'utf8')).not.toBe(before);
});

describe('what is refused, with a sentence', () => {
  test.each(['', '..', '../x', 'a/b', 'a b', 'a,OU=admin', 'a\nOU=admin', 'é'])('the name %j', async (name) => {
    await expect(client(name)).rejects.toThrow('expected a name of 1 to 64');
  });

  test.each(['10.0.0.300', 'a b', 'https://a', '-a.b', 'a..b', ''])('the address %j', async (address) => {
    await expect(issueServer({ ...common, name: 'e', addresses: [address] })).rejects.toThrow('expected an IP address');
  });

  test('a name that nobody has, and one that is both server and client', async () => {
    await expect(revoke(directory, 'nobody', now)).rejects.toThrow('no certificate has the name');
    await server('both');
    await client('both');
    await expect(revoke(directory, 'both', now)).rejects.toThrow('name the serial number');
  });

  test('a certificate that outlives its authority', async () => {
    await expect(issueClient({ ...common, name: 'f', role: 'viewer', password: null, days: 3651 })).rejects.toThrow(
      'the authority itself ends on',
    );
  });

  test('a second authority in the folder, a folder with something else in it, and no authority at all', async () => {
    await expect(initAuthority({ directory, cluster: 'x', days: 1, now })).rejects.toThrow(
      'holds an authority already',
    );
    const request = { directory: scratch, cluster: 'x', days: 1, now };
    await expect(initAuthority(request)).rejects.toThrow('to be a new or empty folder');
    await expect(revoke(join(scratch, 'none'), 'x', now)).rejects.toThrow('there is no authority in');
  });

  test('an index that is broken', async () => {
    const broken = join(scratch, 'broken');
    await initAuthority({ directory: broken, cluster: 'x', days: 1, now });
    writeFileSync(join(broken, 'index.json'), '{}');
    expect(() => readLedger(broken)).toThrow('index.json cannot be used');
  });
});

describe.runIf(hasOpenssl)('openssl agrees', () => {
  test('that the list is signed by the authority and names the revoked', async () => {
    const { certificate, files } = await server('epsilon');
    const [ca, crl] = [join(directory, 'ca.crt'), join(directory, 'crl.pem')];
    const verify = () => openssl('verify', '-crl_check_all', '-CAfile', ca, '-CRLfile', crl, files.certificate);
    expect(verify()).toMatchObject({ status: 0 });
    await revoke(directory, certificate.serial, now);
    expect(openssl('crl', '-in', crl, '-CAfile', ca, '-noout').text).toContain('verify OK');
    expect(verify().text).toContain('certificate revoked');
  });

  test('that the .p12 opens with its password, without algorithms of old', async () => {
    const { pkcs12, files } = await client('mallory', 'correct horse');
    const opened = openssl('pkcs12', '-in', pkcs12, '-passin', 'pass:correct horse', '-nodes');
    expect(opened.status).toBe(0);
    expect(opened.text).toContain(readFileSync(files.certificate, 'utf8').trim());
    expect(openssl('pkcs12', '-in', pkcs12, '-passin', 'pass:wrong', '-nodes').status).not.toBe(0);
    expect(openssl('pkcs12', '-in', pkcs12, '-passin', 'pass:correct horse', '-info', '-noout').text).toContain(
      'AES-256',
    );
  });
});
