import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { CHECKOUT } from '../lab/checkout.js';
import { run } from '../lab/command.js';
import {
  type Cluster,
  createCluster,
  ECHO_MAKEFILE,
  type Host,
  outageMs,
  ownerAtRest,
  startEverywhere,
  until,
} from '../lab/index.js';
import { type ManagedProcess, startProcess } from '../lab/managed-process.js';

// A cluster that is watched by what Debian has: Prometheus, snmptrapd, and servers for mail, webhooks and syslog.

const SERVICE = 'WEB';
const ADDRESS = '172.16.15.140';
const CUTS = 3;
/** Of what a cut costs, on a machine that does much else. What watching costs when it is in the way is longer by far: a target is waited for for 30 s. */
const NOISE_MS = 2_000;
/** As many alerts wait for a target as docs/alerts.md says. */
const QUEUE = 1_000;
const METRICS = 9763;
const PROMETHEUS = 9090;

describe('a cluster that is watched by the programs of Debian', () => {
  let cluster: Cluster;
  let watcher: Host;
  const programs: ManagedProcess[] = [];
  let unwatched: readonly number[];

  beforeAll(async () => {
    const meanwhile = async ({ a, nodes }: Cluster) => {
      for (const node of nodes) node.answerAt(ADDRESS);
      await startConsumers(a, programs);
    };
    cluster = await createCluster({ name: 'watched', meanwhile });
    const { nodes, a, c } = cluster;
    watcher = a;
    const service = { addresses: [ADDRESS], makefile: ECHO_MAKEFILE };
    const preferred = (node: Host) => ({ [SERVICE]: { ...service, preference: node === c ? 200 : 100 } });
    await startEverywhere(nodes, (node) => ({ services: preferred(node) }));
    unwatched = await outages();
    await Promise.all(nodes.map((node) => node.srrd.kill('SIGTERM')));
    await startEverywhere(nodes, (node) => ({ config: { metrics: {}, alerts: alertsOf(node) } }));
    await atRest();
    await startPrometheus(a, programs);
  }, 600_000);

  afterAll(async () => {
    for (const program of programs) if (program.running) await program.kill('SIGKILL');
    await cluster?.lab.destroy();
  });

  it('fails over beside a dead target, a full queue and a slow scrape as if nobody watched', async () => {
    for (const node of cluster.nodes) {
      scrapeSlowly(node, programs);
      await fillQueue(node);
    }
    const watched = await outages();
    const inWords = (each: readonly number[]) => each.map((ms) => ms.toFixed(0)).join(', ');
    console.log(`outages when the owner is cut off, ms: unwatched ${inWords(unwatched)}; watched ${inWords(watched)}`);
    for (const node of cluster.nodes) {
      const text = await scrape(node);
      expect(text).toMatch(/srrd_alerts_waiting\{alert="dead"\} (999|1000)\n/);
      expect(text).toMatch(/srrd_alerts_dropped_total\{alert="dead"\} [1-9]/);
    }
    expect(Math.min(...watched)).toBeLessThan(Math.max(...unwatched) + NOISE_MS);
  });

  it('is scraped by Prometheus, and tells by mail, webhook, trap, syslog and command what became of a daemon', async () => {
    const { a, b, c } = cluster;
    await until(async () => (await ask(watcher, 'srrd_service_owner')).some(({ node }) => node === 'c'), {
      what: 'Prometheus knows the owner',
      timeoutMs: 120_000,
    });
    await c.srrd.kill('SIGKILL');
    const owner = await ownerAtRest([a, b], SERVICE);

    const gone = /its daemon has gone/;
    for (const file of ['webhook', 'mail', 'trap', 'syslog', 'command']) {
      await until(() => gone.test(written(a, file)), { what: `${file} is told that c has gone`, timeoutMs: 120_000 });
    }
    expect(written(a, 'trap')).toContain('SRRD-MIB::srrdEvent');
    // Its own affairs alone: of c, the node with the lowest router ID has told.
    expect(written(b, 'command')).not.toMatch(gone);
    await until(async () => (await ask(watcher, 'srrd_failovers_total{cause="daemon-lost"}')).length > 0, {
      what: 'Prometheus knows of the failover',
      timeoutMs: 120_000,
    });
    await until(async () => (await ask(watcher, 'srrd_service_owner')).some(({ node }) => node === owner.name), {
      what: 'Prometheus knows the new owner',
    });
    const text = await scrape(a);
    expect((await run(['promtool', 'check', 'metrics'], { input: `${text}\n` })).stdout).toBe('');
    expect(text).toMatch(/srrd_alerts_sent_total\{alert="hook"\} [1-9]/);
    expect(text).toMatch(/srrd_alert_attempts_failed_total\{alert="hook"\} [2-9]/);
    expect(text).toMatch(/srrd_alert_attempts_failed_total\{alert="dead"\} [1-9]/);
    const { problems } = (await a.srrd.status()).process as unknown as { readonly problems: readonly string[] };
    expect(problems).toContainEqual(expect.stringContaining('alert dead: '));
  });

  it('has a dashboard whose queries Prometheus takes', async () => {
    const contrib = join(CHECKOUT, 'contrib');
    const dashboard = JSON.parse(readFileSync(join(contrib, 'grafana/srrd.json'), 'utf8')) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.length).toBeGreaterThan(10);
    await askAll(
      watcher,
      queries.map((query) => query.replaceAll(/\$__\w+/g, '5m')),
    );
  });

  const atRest = () =>
    until(async () => (await ownerAtRest(cluster.nodes, SERVICE)) === cluster.c, { what: 'c owns it' });

  /** Of the owner that is cut off, again and again: from the first datagram that was lost until another node answers. */
  async function outages(): Promise<number[]> {
    const { client, c } = cluster;
    const found: number[] = [];
    for (let cut = 0; cut < CUTS; cut += 1) {
      await atRest();
      const probe = await client.probe(ADDRESS);
      await probe.until(({ sender }) => sender === c.name);
      const cutAt = await c.cut();
      const next = await probe.until(({ sender }) => sender !== null && sender !== c.name, { since: cutAt });
      found.push(outageMs(await probe.stop(), cutAt, next.sender ?? ''));
      await c.restore();
    }
    await atRest();
    return found;
  }
});

function alertsOf(node: Host): object[] {
  const command = {
    name: 'command',
    command: [join(CHECKOUT, 'test/services/consumers/note'), join(node.directory, 'command')],
  };
  const dead = { name: 'dead', severity: 'info', webhook: { url: 'http://127.0.0.1:1/dead' } };
  if (node.name !== 'a') return [command, dead];
  writeFileSync(join(node.directory, 'token'), 'secret\n', { mode: 0o600 });
  return [
    command,
    dead,
    { name: 'hook', webhook: { url: 'http://127.0.0.1:8080/hook', tokenFile: join(node.directory, 'token') } },
    {
      name: 'mail',
      mail: { to: ['ops@example.org'], from: 'srrd@example.org', sendmail: join(node.directory, 'sendmail') },
    },
    { name: 'trap', snmp: { to: '127.0.0.1:1162' } },
    { name: 'log', syslog: { socket: join(node.directory, 'log.sock') } },
  ];
}

/** An SMTP sink behind a program like sendmail, an HTTP server that fails twice, a syslog socket, and snmptrapd. */
async function startConsumers({ directory, namespace }: Host, programs: ManagedProcess[]): Promise<void> {
  const msmtp = ['/usr/bin/msmtp', '--host=127.0.0.1', '--port=2525', '--tls=off', '--auth=off'].join(' ');
  writeFileSync(join(directory, 'sendmail'), `#!/bin/sh\nexec ${msmtp} "$@"\n`, { mode: 0o755 });
  const start = (argv: readonly string[], log: string) =>
    programs.push(startProcess(argv, { namespace, logFile: join(directory, log), environment: { MIBS: '+SRRD-MIB' } }));
  start([process.execPath, join(CHECKOUT, 'test/services/consumers/sinks.mjs'), directory], 'sinks.log');
  writeFileSync(join(directory, 'snmptrapd.conf'), 'disableAuthorization yes\n');
  const mibs = `+${join(CHECKOUT, 'contrib/snmp')}`;
  start(
    [
      'snmptrapd',
      '-f',
      '-Lo',
      '-C',
      '-c',
      join(directory, 'snmptrapd.conf'),
      '-M',
      mibs,
      '-m',
      '+SRRD-MIB',
      'udp:127.0.0.1:1162',
    ],
    'trap',
  );
  await until(() => existsSync(join(directory, 'ready')), { what: 'the consumers listen' });
}

async function startPrometheus(host: Host, programs: ManagedProcess[]): Promise<void> {
  const { directory, namespace } = host;
  const config = {
    global: { scrape_interval: '1s' },
    rule_files: [join(CHECKOUT, 'contrib/prometheus/srrd.rules.yml')],
    scrape_configs: [{ job_name: 'srrd', static_configs: [{ targets: [`127.0.0.1:${METRICS}`] }] }],
  };
  writeFileSync(join(directory, 'prometheus.yml'), stringify(config));
  const options = [
    `--config.file=${join(directory, 'prometheus.yml')}`,
    `--storage.tsdb.path=${join(directory, 'tsdb')}`,
  ];
  const listen = `--web.listen-address=127.0.0.1:${PROMETHEUS}`;
  programs.push(
    startProcess(['prometheus', ...options, listen], { namespace, logFile: join(directory, 'prometheus.log') }),
  );
}

/** It asks, and never reads its answer. */
function scrapeSlowly({ namespace, directory }: Host, programs: ManagedProcess[]): void {
  const line = `exec 3<>/dev/tcp/127.0.0.1/${METRICS}; printf 'GET /metrics HTTP/1.1\\r\\nhost: 127.0.0.1\\r\\n\\r\\n' >&3; sleep 600`;
  programs.push(startProcess(['bash', '-c', line], { namespace, logFile: join(directory, 'slow.log') }));
}

/** Each of these commands is refused, which is an event. */
async function fillQueue({ srrd }: Host): Promise<void> {
  const url = `url = "http://srrd/api/v1/services/${SERVICE}/unpin"\noutput = /dev/null\n`;
  await run(['curl', '-sS', '-X', 'POST', '--unix-socket', srrd.socket, '-K', '-'], {
    input: url.repeat(QUEUE + 100),
    timeoutMs: 300_000,
  });
}

/** The labels of what a query finds. */
async function ask(host: Host, query: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const [found = []] = await askAll(host, [query]);
  return found;
}

/** Of each query the labels of what it finds. */
async function askAll({ namespace }: Host, queries: readonly string[]) {
  const url = `http://127.0.0.1:${PROMETHEUS}/api/v1/query?query=`;
  const input = queries.map((query) => `url = "${url}${encodeURIComponent(query)}"\n`).join('');
  const curl = ['curl', '-sS', '--retry', '30', '--retry-connrefused', '--retry-delay', '1', '-w', '\n', '-K', '-'];
  const { stdout } = await run(['ip', 'netns', 'exec', namespace, ...curl], { input });
  const answers = stdout.split('\n').filter((line) => line !== '');
  expect(answers).toHaveLength(queries.length);
  return answers.map((text, index) => {
    const answer = JSON.parse(text) as Answer;
    if (answer.status !== 'success') throw new Error(`${queries[index]}: ${answer.error}`);
    return answer.data.result.map(({ metric }) => metric);
  });
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
}

async function scrape({ namespace }: Host): Promise<string> {
  return (await run(['ip', 'netns', 'exec', namespace, 'curl', '-sS', `http://127.0.0.1:${METRICS}/metrics`])).stdout;
}

function written({ directory }: Host, file: string): string {
  const path = join(directory, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
