import type { BfdPeer, Fact, Facts, Neighbour, OspfInterface } from '../facts.js';
import { change, type Finding, FRR_CONF, FRR_DAEMONS, fine, inInterface, type Remedy, remedy } from '../finding.js';

/** Twice the recommended 3 × 50 ms: busy machines are advised to take more. */
const DETECTION_MOST_MS = 300;
/** What `dead-interval minimal` gives. */
const DEAD_MOST_MS = 1_000;

/** How soon a neighbour that vanishes is noticed, for each interface that speaks OSPF. */
export function checkDetection({ interfaces, neighbours, ospfConfiguration, bfd }: Facts): Finding[] {
  if (!interfaces.known || !neighbours.known || !ospfConfiguration.known) return [];
  const { interfaceLines } = ospfConfiguration.value;
  return interfaces.value
    .filter(({ passive }) => !passive)
    .flatMap((one) => {
      const lines = interfaceLines.get(one.name) ?? [];
      if (!lines.includes('ip ospf bfd')) return withoutBfd(one, lines);
      const heard = neighbours.value.filter((neighbour) => neighbour.interface === one.name && isMutual(neighbour));
      return heard.map((neighbour) => withBfd(one, neighbour, bfd));
    });
}

function withoutBfd(one: OspfInterface, lines: readonly string[]): Finding[] {
  if (one.deadMs <= DEAD_MOST_MS) {
    return [fine('dead-interval', `A dead neighbour on ${one.name} is noticed after ${one.deadMs} ms, without BFD.`)];
  }
  const named = lines.some((line) => line.startsWith('ip ospf bfd profile'));
  const why = named ? ': the profile alone does not switch it on' : '';
  const text = `BFD is off on ${one.name}${why}. A dead neighbour is noticed after ${one.deadMs / 1000} s, the dead interval, instead of 0.15 s.`;
  const instead = { ...inInterface(one.name, 'ip ospf dead-interval minimal hello-multiplier 5'), where: INSTEAD };
  return [change('bfd', text, switchBfdOn(one.name), PROFILE, instead)];
}

const INSTEAD = 'or, without BFD and on every router of the link, /etc/frr/frr.conf';

const PROFILE: Remedy = remedy(
  FRR_CONF,
  ...[
    'bfd',
    ' profile srrd',
    '  detect-multiplier 3',
    '  transmit-interval 50',
    '  receive-interval 50',
    ' exit',
    'exit',
  ],
);

const BOTH_ENDS: Remedy = { ...PROFILE, where: `${FRR_CONF}, at both ends` };

function switchBfdOn(name: string): Remedy {
  return inInterface(name, 'ip ospf bfd', 'ip ospf bfd profile srrd');
}

function withBfd(one: OspfInterface, neighbour: Neighbour, bfd: Fact<readonly BfdPeer[]>): Finding {
  const who = `${neighbour.routerId} on ${one.name}`;
  if (!bfd.known) {
    const text = `BFD is on for ${one.name}, but bfdd does not answer (${bfd.why}): a dead neighbour is noticed after ${one.deadMs / 1000} s only.`;
    return change('bfd', text, remedy(FRR_DAEMONS, 'bfdd=yes'));
  }
  const peer = bfd.value.find(({ address }) => address === neighbour.address);
  if (peer === undefined || !peer.up) {
    const text = `The BFD session to ${who} is not up: that it is dead is noticed after ${one.deadMs / 1000} s only. Is BFD on at the other end, and does a firewall drop UDP port 3784?`;
    return change('bfd', text, { ...switchBfdOn(one.name), where: `${FRR_CONF} of ${neighbour.routerId}` });
  }
  if (peer.detectionMs > DETECTION_MOST_MS) {
    const text = `BFD notices after ${peer.detectionMs} ms that ${who} is dead. 150 ms is possible where machines are not overloaded.`;
    return change('bfd-interval', text, BOTH_ENDS, switchBfdOn(one.name));
  }
  return fine('bfd', `That ${who} is dead would be noticed after ${peer.detectionMs} ms.`);
}

/** RFC 2328 section 10.1: they hear each other. */
function isMutual({ state }: Neighbour): boolean {
  return ['2-Way', 'ExStart', 'Exchange', 'Loading', 'Full'].includes(state);
}
