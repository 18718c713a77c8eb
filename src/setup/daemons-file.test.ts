import { expect, test } from 'vitest';
import { withBfdd, withOspfd } from './daemons-file.js';

const DEBIAN = 'bgpd=no\nospfd=no\nbfdd=no\nvtysh_enable=yes\nospfd_options="  -A 127.0.0.1"\n#frr_global_options=""\n';

test('Debian 12: ospfd with its API, and bfdd', () => {
  expect(withBfdd(withOspfd(DEBIAN, false))).toBe(
    'bgpd=no\nospfd=yes\nbfdd=yes\nvtysh_enable=yes\nospfd_options="  -A 127.0.0.1 -a"\n#frr_global_options=""\n',
  );
});

test('Debian 13: the API on one address; a second time there is nothing to do', () => {
  const once = withOspfd(DEBIAN, true);
  expect(once).toContain('\nbfdd=no\n');
  expect(once).toContain('ospfd_options="  -A 127.0.0.1 -a -l 127.0.0.1"');
  expect(withOspfd(once, true)).toBe(once);
});

test.each([
  ['ospfd=yes\nospfd_options=-A\n', 'ospfd=yes\nospfd_options="-A -a"\n'],
  ["ospfd=yes # for us\nospfd_options='--apiserver'\n", "ospfd=yes # for us\nospfd_options='--apiserver'\n"],
  ['ospfd=no\nospfd=yes', 'ospfd=no\nospfd=yes\nospfd_options="  -A 127.0.0.1 -a"\n'],
  ['', 'ospfd=yes\nospfd_options="  -A 127.0.0.1 -a"\n'],
])('%j becomes %j', (text, expected) => {
  expect(withOspfd(text, false)).toBe(expected);
});

test.each(['ospfd_options=("-A" "-a")', 'ospfd_options+=" -a"', 'ospfd_options="$COMMON -a"', 'ospfd_options="a\\'])(
  '%s says more than a plain value: it is left to a person',
  (line) => {
    expect(() => withOspfd(`ospfd=yes\n${line}\n`, false)).toThrow('in line 2: write it by hand');
  },
);
