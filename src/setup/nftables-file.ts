import { inputChain, outputChain, tableOf } from '../doctor/index.js';

/** docs/frr-setup.md, section 4. */
export function tableFor(apiPort: number): string {
  return `${tableOf(inputChain(apiPort), outputChain(apiPort)).join('\n')}\n`;
}

const OURS = /^table\s+inet\s+srrd\s*\{\n[\s\S]*?^\}\n?/m;

/** nftables' file with our table at its end, unless it has one. */
export function withTable(text: string, apiPort: number): string {
  if (text === '') return `#!/usr/sbin/nft -f\n\n${tableFor(apiPort)}`;
  if (OURS.test(text)) return text;
  return `${text}${text.endsWith('\n') ? '' : '\n'}\n${tableFor(apiPort)}`;
}

/** As Debian's package has it: chains that take everything. */
const DEBIAN =
  /^(flush ruleset;? ?)?(table inet filter \{( chain (input|forward|output) \{ type filter hook \4 priority (0|filter);( policy accept;)? \})* \})?$/;

/** Whether nothing is in nftables' file that could keep anybody out, but our table. */
export function isHarmless(text: string): boolean {
  const rest = text.replace(OURS, '').replace(/#.*$/gm, '').replace(/\s+/g, ' ').trim();
  return DEBIAN.test(rest);
}

/** What nft is given: the table of the file in the place of the one that may be there. */
export function rulesetOf(text: string, apiPort: number): string {
  return `table inet srrd\ndelete table inet srrd\n${OURS.exec(text)?.[0] ?? tableFor(apiPort)}`;
}
