import { linesIn } from './frr/edited.js';
import { hasInstance } from './frr/files.js';
import { areaOf, isCovered, type Needs, perInterface, SHARED_ROUTER_ID, speakers } from './frr/pieces.js';
import type { PrefixedInterface } from './frr/prefixes.js';
import { interfaceContext, ROUTER_OSPF } from './frr/spans.js';
import { type Look, textOf } from './look.js';
import type { Wishes } from './wishes.js';

export interface NodeNeeds extends Needs {
  readonly notes: readonly string[];
  readonly needsKey: boolean;
}

/** `repair`: nothing is made that is not there. Throws an Error, in words. */
export function needsOf(look: Look, wishes: Wishes, repair: boolean): NodeNeeds {
  const { files, facts, findings, running, interfaces: here } = look;
  const text = textOf(files.ospfd) ?? '';
  checkInstance(look, text, repair);
  const found = facts.interfaces.known ? facts.interfaces.value.filter(({ passive }) => !passive) : [];
  const speak = new Set([
    ...found.map(({ name }) => name),
    ...speakers(text, here),
    ...(running.ospfd === null ? [] : speakers(running.ospfd, here)),
  ]);
  const joining = repair ? [] : joiningInterfaces(here, wishes.interfaces, speak);
  const byInterface = perInterface(text);
  const interfaces = [...new Set([...speak, ...joining])].map((name): PrefixedInterface => {
    const one = here.find((candidate) => candidate.name === name);
    const joins = !speak.has(name);
    return { ...(one ?? { name, addresses: [], prefix: '0.0.0.0/0' }), joins, byInterface };
  });
  const area = wishes.area ?? areaOf(found, text);
  const routerId =
    wishes.routerId ?? routerIdOf(look, text) ?? interfaces.flatMap(({ addresses }) => addresses)[0] ?? '';
  if (routerId === '' && !repair)
    throw new Error('no interface that speaks OSPF has an address to name the router by: expected --router-id');
  const networks = linesIn(running.ospfd ?? '', ROUTER_OSPF).filter((line) =>
    interfaces.some((one) => isCovered([line], one)),
  );
  const open = wishes.key === null ? unauthenticated(text, interfaces, area) : [];
  const shared = findings.filter(({ check, level }) => check === 'designated-router' && level !== 'fine');
  const notes = [
    ...(wishes.priority === null ? shared.map(({ text }) => `${text} --priority 0 does.`) : []),
    ...(open.length === 0
      ? []
      : [`OSPF on ${open.join(', ')} is not authenticated: --key-file FILE, the same on every router of the link.`]),
    ...(facts.firewall.known ? [] : [`nftables could not be looked at: ${facts.firewall.why}.`]),
    ...(files.daemons === null
      ? [`There is no file daemons beside ${files.ospfd}: start ospfd with -a yourself.`]
      : []),
  ];
  // Nodes that are not set up yet look like routers that stay: were all of them to leave being DR to others, there would be none.
  const acted = repair ? findings : findings.filter((one) => !shared.includes(one));
  return { wishes, findings: acted, interfaces, area, routerId, networks, notes, needsKey: open.length > 0 };
}

function checkInstance({ files, running }: Look, text: string, repair: boolean): void {
  if (hasInstance(text)) return;
  if (repair)
    throw new Error(`expected a line \`router ospf\` in ${files.ospfd}, found none: srrctl setup makes the first one`);
  if (running.ospfd === null || !hasInstance(running.ospfd)) return;
  throw new Error(
    `ospfd runs with \`router ospf\`, which ${files.ospfd} does not have: a reload of FRR would take it away. Write it there first: vtysh -c 'write memory', while srrd does not run`,
  );
}

/** Names. Where none speaks OSPF yet and there is one only, it is that. */
function joiningInterfaces(
  here: readonly PrefixedInterface[],
  named: readonly string[],
  speak: ReadonlySet<string>,
): readonly string[] {
  const names = here.map(({ name }) => name);
  const absent = named.find((name) => !names.includes(name) && !speak.has(name));
  const has = names.length === 0 ? 'none' : names.join(', ');
  if (absent !== undefined) {
    throw new Error(`--interface ${absent}: expected an interface that is up and has an IPv4 address; there is ${has}`);
  }
  if (named.length > 0 || speak.size > 0) return named;
  if (names.length === 1) return names;
  throw new Error(`no interface speaks OSPF yet: expected --interface with those that should, of ${has}`);
}

function routerIdOf({ facts: { instance } }: Look, text: string): string | undefined {
  if (instance.known && instance.value !== null) return instance.value.routerId;
  const line = linesIn(text, ROUTER_OSPF).find((one) => one.startsWith('ospf router-id '));
  return line?.split(' ').at(-1) ?? SHARED_ROUTER_ID.exec(text)?.[1];
}

function unauthenticated(text: string, interfaces: readonly PrefixedInterface[], area: string): readonly string[] {
  if (linesIn(text, ROUTER_OSPF).some((line) => line.startsWith(`area ${area} authentication message-digest`)))
    return [];
  const kinds = /^ip ospf authentication (message-digest|key-chain)/;
  return interfaces
    .filter(({ name }) => !linesIn(text, interfaceContext(name)).some((line) => kinds.test(line)))
    .map(({ name }) => name);
}
