import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';
import { createLab, type Lab } from './index.js';
import { processesInNamespaces } from './processes.js';

const labs: Lab[] = [];

afterEach(async () => {
  for (const lab of labs.splice(0)) await lab.destroy();
});

describe('labs', () => {
  beforeAll(() =>
    run([process.execPath, join(CHECKOUT, 'node_modules', '.bin', 'tsc'), '-p', join(CHECKOUT, 'test', 'lab')]),
  );

  it('can run two at once, with the same names and addresses', async () => {
    const both = await Promise.all([smallLab(), smallLab()]);
    await Promise.all(both.map((lab) => lab.converged()));
    await both[0].destroy();
    expect(leftovers(both[0].name)).toEqual([]);
    expect(both[1].hosts.map((host) => host.frr.crashed)).toEqual([[], []]);
    await both[1].converged();
  });

  it('are gone after they were destroyed', async () => {
    const lab = await smallLab();
    const namespaces = lab.hosts.map((host) => host.namespace);
    await lab.destroy();
    expect(leftovers(lab.name)).toEqual([]);
    expect(processesInNamespaces(namespaces)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('are gone when their owner got %s', async (signal) => {
    const { name, child, ended } = await labOfAnotherProcess();
    child.kill(signal);
    expect(await ended).toBe(signal);
    expect(leftovers(name)).toEqual([]);
  });

  it('are gone when their owner died of an exception', async () => {
    const { name, child, ended } = await labOfAnotherProcess();
    child.stdin.end('throw');
    await ended;
    expect(leftovers(name)).toEqual([]);
  });

  it('whose owner was killed are cleared away by the next one, and no others', async () => {
    const bystander = await smallLab();
    const { name, child, ended } = await labOfAnotherProcess();
    child.kill('SIGKILL');
    await ended;
    expect(leftovers(name)).not.toEqual([]);
    labs.push(await createLab({ name: 'next' }));
    expect(leftovers(name)).toEqual([]);
    await bystander.converged();
  });
});

async function smallLab(): Promise<Lab> {
  const lab = await createLab({ name: 'small' });
  labs.push(lab);
  const wire = lab.subnet('wire', '10.1.1.0/24', { pointToPoint: true });
  await lab.node('a', { subnets: [wire] });
  await lab.node('b', { subnets: [wire] });
  return lab;
}

const OWNER = `
import { createLab } from ${JSON.stringify(join(CHECKOUT, 'test', 'lab', 'dist', 'index.js'))};
const lab = await createLab({ name: 'other' });
await lab.node('a', { subnets: [lab.subnet('wire', '10.1.1.0/24')] });
process.stdin.on('data', () => { throw new Error('on purpose'); });
console.log(lab.name);
`;

/** A process that has made a lab and waits. */
async function labOfAnotherProcess() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', OWNER], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const name = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    void ended.then((end) => reject(new Error(`the owner ended with ${end} before it had a lab`)));
  });
  return { name, child, ended };
}

function leftovers(lab: string): string[] {
  return ['/run/netns', '/var/run/frr', '/run/srrd-lab']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((entry) => join(folder, entry)))
    .filter((path) => path.includes(lab));
}
