import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';

// `srrctl service try` on the folders whose daemons `make test` does not install; those of nginx and exec are with the labs.

const CHECKOUT = join(import.meta.dirname, '../..');

interface Report {
  readonly results: readonly { readonly name: string; readonly verdict: string; readonly text: string }[];
}

it.each(['apache', 'haproxy', 'kamailio', 'mariadb', 'ocf', 'postgresql', 'redis', 'squid'])(
  '%s passes every trial',
  async (name) => {
    const folder = join(CHECKOUT, 'services', name);
    const ended = await execa(join(CHECKOUT, 'bin/srrctl'), ['service', 'try', folder, '--json', '--seed', '1'], {
      reject: false,
    });
    expect(ended.stderr).toBe('');
    const { results } = JSON.parse(ended.stdout) as Report;
    expect(results.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(results.filter(({ verdict }) => verdict === 'passed').length).toBeGreaterThan(12);
  },
  600_000,
);
