import { expect, test } from 'vitest';
import { isHarmless, tableFor, withTable } from './nftables-file.js';

const DEBIAN = `#!/usr/sbin/nft -f

flush ruleset

table inet filter {
\tchain input {
\t\ttype filter hook input priority filter;
\t}
\tchain forward {
\t\ttype filter hook forward priority filter;
\t}
\tchain output {
\t\ttype filter hook output priority filter;
\t}
}
`;

test.each(['', tableFor(2607), DEBIAN, withTable(DEBIAN, 2607), DEBIAN.replaceAll('priority filter', 'priority 0')])(
  'our table and what Debian has keep nobody out: %j',
  (text) => expect(isHarmless(text)).toBe(true),
);

test.each([
  DEBIAN.replace('hook input priority filter;', 'hook input priority filter; policy drop;'),
  `${DEBIAN}include "/etc/nftables.d/*.conf"\n`,
  `${tableFor(2607)}table ip mine {\n}\n`,
])('anything else may: %j', (text) => expect(isHarmless(text)).toBe(false));
