import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { type FrrDaemon, type Host, type RunResult, until } from './index.js';

const DOCUMENT = readFileSync(join(CHECKOUT, 'docs', 'frr-setup.md'), 'utf8');

export interface Finding {
  readonly check: string;
  readonly level: 'broken' | 'change' | 'fine';
  readonly text: string;
  readonly remedies: readonly { readonly where: string; readonly lines: readonly string[] }[];
}

/** The block of the document that follows the comment with this name. */
export function block(name: string): string[] {
  const begin = DOCUMENT.indexOf(`<!-- ${name} -->`);
  const text = /```[a-z]*\n([\s\S]*?)```/.exec(DOCUMENT.slice(begin))?.[1];
  if (begin < 0 || text === undefined) throw new Error(`docs/frr-setup.md has no block "${name}"`);
  return text.split('\n').filter((line) => line.trim() !== '' && line.trim() !== '!');
}

/** As an operator would read it: nothing but the router ID and the key is replaced. */
export async function setUpAsDocumented(node: Host): Promise<void> {
  const own = (line: string) => line.replace('10.0.0.1', node.routerId!).replace('CHANGE-ME', 'lab-key');
  const lines = block('frr.conf').map((line) => own(line.trim()));
  const interfaceBegins = lines.indexOf('interface eth0');
  await configure(node, lines.slice(0, interfaceBegins), 'bfdd');
  await configure(node, [...lines.slice(interfaceBegins), ...block('frr.conf authentication').map(own)]);
  await node.exec(['nft', '-f', '-'], { input: `${block('nftables').join('\n')}\n` });
}

export function configure(host: Host, lines: readonly string[], daemon: FrrDaemon = 'ospfd'): Promise<string> {
  return host.vtysh(['configure terminal', ...lines, 'end'], daemon);
}

/** What the doctor is asked on this host. */
export function doctorArguments(host: Host, ...options: readonly string[]): string[] {
  const { configFile, socket } = host.srrd;
  return ['--socket', socket, 'doctor', '--config', configFile, ...options];
}

/** What is not fine; the exit status says whether something is broken. `path`: instead of the PATH of the test. */
export async function complaints(host: Host, path?: string): Promise<Finding[]> {
  const { stdout, stderr, exitCode } = await agentOf(host).ask(doctorArguments(host, '--json'), path);
  if (stdout === '') throw new Error(stderr);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  expect(exitCode).toBe(findings.some(({ level }) => level === 'broken') ? 1 : 0);
  return findings.filter(({ level }) => level !== 'fine');
}

const agents = new Map<Host, DoctorAgent>();

function agentOf(host: Host): DoctorAgent {
  const agent = agents.get(host) ?? new DoctorAgent(host);
  agents.set(host, agent);
  return agent;
}

/** Ends the processes that `complaints` began. */
export function endDoctors(): void {
  for (const agent of agents.values()) agent.end();
  agents.clear();
}

/** srrctl in a process that stays, in the network namespace of a host. */
class DoctorAgent {
  private readonly child: ChildProcess;
  private readonly waiting: ((result: RunResult) => void)[] = [];

  constructor(host: Host) {
    const argv = ['netns', 'exec', host.namespace, process.execPath, join(CHECKOUT, 'test', 'lab', 'doctor-agent.mjs')];
    this.child = spawn('ip', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => this.waiting.shift()?.(JSON.parse(line)));
    this.child.once('exit', () => {
      for (const answer of this.waiting) answer({ exitCode: -1, stdout: '', stderr: 'the agent has ended' });
    });
  }

  ask(args: readonly string[], path?: string): Promise<RunResult> {
    const answered = new Promise<RunResult>((resolve) => this.waiting.push(resolve));
    this.child.stdin?.write(`${JSON.stringify({ args, path })}\n`);
    return answered;
  }

  end(): void {
    this.child.stdin?.end();
  }
}

export function isClean(host: Host): Promise<true> {
  return until(
    async () => {
      const found = await complaints(host);
      if (found.length > 0) throw new Error(JSON.stringify(found));
      return true as const;
    },
    { what: `nothing is wrong with ${host.name}`, timeoutMs: 120_000, intervalMs: 300 },
  );
}

/** Waits for findings of these checks; returns the first of each, for its words and lines. */
export function findings(host: Host, checks: readonly string[], path?: string): Promise<Finding[]> {
  return until(
    async () => {
      const found = await complaints(host, path);
      const wanted = checks.flatMap((check) => found.find((candidate) => candidate.check === check) ?? []);
      if (wanted.length < checks.length) throw new Error(`it found ${JSON.stringify(found)}`);
      return wanted;
    },
    { what: `the doctor of ${host.name} finds ${checks.join(', ')}`, timeoutMs: 120_000, intervalMs: 300 },
  );
}

export async function finding(host: Host, check: string, path?: string): Promise<Finding> {
  const [found] = await findings(host, [check], path);
  return found!;
}

export function lines(one: Finding): string[] {
  return one.remedies.flatMap((remedy) => remedy.lines);
}
