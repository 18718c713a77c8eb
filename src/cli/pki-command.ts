import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { IssuedCertificate } from '../pki/making.js';
import type { Output } from './output.js';
import { printable } from './printable.js';

/** Not at the start of the file: it loads what all other commands do without. */
const making = () => import('../pki/making.js');

const DEFAULT_FOLDER = '/etc/srrd/pki';

const HELP = `
An authority is a folder: its key, its certificate (ca.crt), its revocation list (crl.pem) and what it issued. Keep the
folder on one machine, and back it up. The list of revocations reaches all nodes by itself (docs/pki.md).

Examples:
  srrctl pki init --name shop
  srrctl pki server alpha 10.0.0.1 alpha.example.org
  srrctl pki client jane --role operator
  srrctl pki revoke jane
  srrctl pki list
`;

interface FolderOption {
  readonly dir: string;
}

interface IssueOptions extends FolderOption {
  readonly days?: number;
  readonly force?: true;
}

export function addPki(program: Command, output: Output): void {
  const pki = program
    .command('pki')
    .description("make and revoke the cluster's certificates; works without a daemon")
    .addHelpText('after', HELP);
  const command = (name: string, summary: string) =>
    pki.command(name).description(summary).option('--dir <folder>', "the authority's folder", DEFAULT_FOLDER);
  addInit(command('init', 'make a certificate authority for the cluster'), output);
  addServer(command('server', 'make key and certificate of a node'), output);
  addClient(command('client', 'make key and certificate of a person or program, and a .p12 for browsers'), output);
  addRevoke(command('revoke', 'make certificates count no more'), output);
  addList(command('list', 'show what was issued and revoked'), output);
}

function addInit(command: Command, output: Output): void {
  command
    .option('--name <cluster>', 'the name of the cluster', 'default')
    .option('--days <number>', 'how long it lasts (default: 3650)', days)
    .addHelpText('after', example('srrctl pki init --name shop'))
    .action(async ({ dir, name, days: span }: FolderOption & { name: string; days?: number }) => {
      const { AUTHORITY_DAYS, initAuthority } = await making();
      const now = new Date();
      const end = await initAuthority({ directory: dir, cluster: name, days: span ?? AUTHORITY_DAYS, now });
      output.out(
        `The authority is in ${dir} and lasts until ${day(end.toISOString())}.\n` +
          `Whoever has ${dir}/ca.key can let anybody in: keep it on one machine, and back it up.\n` +
          'Next, for each node: srrctl pki server NAME ADDRESS...\n',
      );
    });
}

function addServer(command: Command, output: Output): void {
  command
    .argument('<name>', 'the name of the node')
    .argument('<address...>', 'IP addresses and DNS names by which browsers find it')
    .option('--days <number>', 'how long it lasts (default: 397)', days)
    .option('--force', 'overwrite an earlier key of this name')
    .addHelpText('after', example('srrctl pki server alpha 10.0.0.1 alpha.example.org'))
    .action(async (name: string, addresses: readonly string[], options: IssueOptions) => {
      const { issueServer, SERVER_DAYS } = await making();
      const { dir, days: span = SERVER_DAYS, force = false } = options;
      const request = { directory: dir, name, addresses, days: span, force, now: new Date() };
      const { certificate, files } = await issueServer(request);
      output.out(
        `${name} has a certificate until ${day(certificate.notAfter)}. Bring these to the node, as root, mode 0600:\n` +
          `  web.tls.cert  ${files.certificate}\n` +
          `  web.tls.key   ${files.key}\n` +
          `  web.tls.ca    ${dir}/ca.crt\n` +
          `  web.tls.crl   ${dir}/crl.pem\n`,
      );
    });
}

function addClient(command: Command, output: Output): void {
  command
    .argument('<name>', 'who it is for')
    .addOption(
      new Option('--role <role>', 'what the holder may do')
        .choices(['viewer', 'operator', 'admin'])
        .makeOptionMandatory(),
    )
    .option('--password-file <file>', "the .p12's password is the first line of this file (default: one is made)")
    .option('--days <number>', 'how long it lasts (default: 365)', days)
    .option('--force', 'overwrite an earlier key of this name')
    .addHelpText('after', example('srrctl pki client jane --role operator'))
    .action(async (name: string, options: IssueOptions & { role: 'viewer'; passwordFile?: string }) => {
      const { CLIENT_DAYS, issueClient } = await making();
      const { dir, days: span = CLIENT_DAYS, force = false, role, passwordFile } = options;
      const given = passwordFile === undefined ? null : passwordIn(passwordFile);
      const request = { directory: dir, name, role, days: span, force, password: given, now: new Date() };
      const { certificate, files, pkcs12, password } = await issueClient(request);
      output.out(
        `${name} is ${role} until ${day(certificate.notAfter)}.\n` +
          `  for a browser   ${pkcs12}\n${given === null ? `  its password    ${password}   (it is shown only now)\n` : ''}` +
          `  for programs    ${files.certificate} and ${files.key}\n` +
          `The rule that gives the role: web.access: [{ role: ${role}, subject: "OU=${role}" }]\n`,
      );
    });
}

function addRevoke(command: Command, output: Output): void {
  command
    .argument('<name-or-serial>', 'a name (all its certificates) or a serial number')
    .addHelpText('after', example('srrctl pki revoke jane'))
    .action(async (which: string, { dir }: FolderOption) => {
      const { revoke } = await making();
      const { certificates, crlNumber } = await revoke(dir, which, new Date());
      const done = certificates.map(({ use, name, serial }) => `Revoked the ${use} ${name}, ${serial}.\n`);
      output.out(
        `${done.length === 0 ? 'It was revoked already; the list is signed again.\n' : printable(done.join(''))}` +
          `${dir}/crl.pem has number ${crlNumber} now. A node whose web.tls.crl is this file passes it on to all others;\n` +
          'if there is none here, copy it to where web.tls.crl of any one node says.\n',
      );
    });
}

function addList(command: Command, output: Output): void {
  command
    .option('--json', 'for programs')
    .addHelpText('after', example('srrctl pki list --json'))
    .action(async ({ dir, json }: FolderOption & { json?: true }) => {
      const { readLedger } = await making();
      const ledger = readLedger(dir);
      output.out(json ? `${JSON.stringify(ledger, null, 2)}\n` : printable(describe(ledger.certificates, new Date())));
    });
}

function describe(certificates: readonly IssuedCertificate[], now: Date): string {
  if (certificates.length === 0) return 'no certificate was issued\n';
  const rows = certificates.map((certificate) => [
    certificate.use,
    certificate.name,
    certificate.role ?? certificate.addresses.join(','),
    day(certificate.notAfter),
    standing(certificate, now),
    certificate.serial,
  ]);
  const table = [['USE', 'NAME', 'ROLE OR ADDRESSES', 'UNTIL', 'STATE', 'SERIAL'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return `${table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')}\n`;
}

function standing({ revokedAt, notAfter }: IssuedCertificate, now: Date): string {
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`;
  return new Date(notAfter) < now ? 'ended' : 'counts';
}

function passwordIn(file: string): string {
  const [first = ''] = readFileSync(file, 'utf8').split(/\r?\n/);
  if (first.length < 8) throw new Error(`${file}: expected a password of 8 characters or more in its first line`);
  return first;
}

function days(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 36_500) throw new InvalidArgumentError('Expected a number of days from 1 to 36500.');
  return number;
}

/** Of an ISO time. */
function day(time: string): string {
  return time.slice(0, 10);
}

function example(line: string): string {
  return `\nExample:\n  ${line}\n`;
}
