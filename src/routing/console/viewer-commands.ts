/**
 * What a viewer may ask of zebra, ospfd and mgmtd: the first words, written out. Whatever may follow them only chooses
 * what is shown. What is not here (`show logging`, say, or a command of a newer FRR) is for admins.
 */
const FOR_VIEWERS: readonly string[] = [
  'find',
  'list',
  'show bfd',
  'show debugging',
  'show interface',
  'show ip access-list',
  'show ip fib',
  'show ip forwarding',
  'show ip import-check',
  'show ip nht',
  'show ip ospf',
  'show ip prefix-list',
  'show ip route',
  'show ip router-id',
  'show ipv6 forwarding',
  'show ipv6 nht',
  'show ipv6 prefix-list',
  'show ipv6 route',
  'show ipv6 router-id',
  'show memory',
  'show nexthop-group',
  'show route-map',
  'show router-id',
  'show version',
  'show vrf',
  'show work-queues',
  'show zebra',
  'who',
];

const LISTED: ReadonlySet<string> = new Set(FOR_VIEWERS);
const LONGEST = Math.max(...FOR_VIEWERS.map((command) => command.split(' ').length));

/** By the first words of the command, in small letters. Words cut short are not taken: another FRR may read them otherwise. */
export function isForViewers(words: readonly string[]): boolean {
  return words.slice(0, LONGEST).some((_, index) => LISTED.has(words.slice(0, index + 1).join(' ')));
}
