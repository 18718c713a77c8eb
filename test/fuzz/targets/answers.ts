import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  readBfdPeers,
  readInstance,
  readInterfaces,
  readNeighbours,
  readVersion,
} from '../../../src/doctor/parse/answers.js';
import { readOspfConfiguration } from '../../../src/doctor/parse/configuration-lines.js';
import { readLsdb } from '../../../src/doctor/parse/lsdb.js';
import { ageCorrections } from '../../../src/lsdb/ages.js';
import { readConfiguredAddresses } from '../../../src/routing/interface-configuration.js';
import { ownAreas } from '../../../src/routing/ospf-areas.js';
import { readOspfNetworks } from '../../../src/routing/ospf-networks.js';
import { checkAnswer } from '../../../src/routing/vty/answer.js';
import { ENABLE, SHOW_RUNNING_CONFIG } from '../../../src/routing/vty/commands.js';
import { refusal, shape, type Target } from '../target.js';

/** From the checkout, also when this is compiled. */
const CHECKOUT = fileURLToPath(import.meta.url).split('/test/fuzz/')[0] ?? '';
const CONFIGURATION = `!
interface eth0
 ip address 10.0.0.1/24
 ip address 172.16.15.1/32 label eth0:srrd
 ip ospf area 0.0.0.0
 ip ospf cost 65535 172.16.15.1
exit
!
router ospf
 ospf router-id 10.0.0.1
 network 172.16.15.1/32 area 0.0.0.0
 network 10.0.0.0/8 area 0.0.0.0
 redistribute connected metric 0 metric-type 1 route-map srrd
exit
!
ip prefix-list srrd seq 5 permit 172.16.15.0/24 ge 32
ip prefix-list srrd-withheld seq 5 permit 172.16.15.9/32
route-map srrd deny 10
 match ip address prefix-list srrd-withheld
exit
route-map srrd permit 20
 match ip address prefix-list srrd
 set tag 222
exit
end
`;
const DATABASE = '222.7.0.3 10.0.0.1 12 0x80000001 0x1234\n222.8.0.3 10.0.0.2 3600 0x80000002 0xabcd\n';

interface Reader {
  readonly read: (text: string) => unknown;
  readonly seeds: readonly string[];
}

/** Everything that reads what FRR answered. */
const READERS: readonly Reader[] = [
  { read: readOspfNetworks, seeds: [CONFIGURATION] },
  { read: readConfiguredAddresses, seeds: [CONFIGURATION] },
  { read: readOspfConfiguration, seeds: [CONFIGURATION] },
  { read: ownAreas, seeds: [captured('interfaces.json')] },
  { read: readInterfaces, seeds: [captured('interfaces.json')] },
  { read: readInstance, seeds: [captured('ospf.json')] },
  { read: readNeighbours, seeds: [captured('neighbours.json')] },
  { read: readBfdPeers, seeds: [captured('bfd-peers.json')] },
  { read: readVersion, seeds: [captured('version.txt')] },
  { read: readLsdb, seeds: [captured('opaque-as.txt')] },
  { read: (text) => ageCorrections([], text, 0), seeds: [DATABASE] },
  { read: (text) => checkAnswer('ospfd', SHOW_RUNNING_CONFIG, { text, status: 0 }), seeds: ['% Unknown command.\n'] },
  { read: (text) => checkAnswer('zebra', ENABLE, { text, status: null }), seeds: ['There is already such a line.\n'] },
];

/** The first byte says what was asked, the rest is the answer. */
export const answer: Target = {
  name: 'answer',
  share: 1,
  seeds: READERS.flatMap(({ seeds }, index) =>
    seeds.map((text) => Buffer.concat([Buffer.of(index), Buffer.from(text)])),
  ),
  words: [
    ' ',
    '\n',
    '\n ',
    '"',
    '{',
    '[',
    ']',
    '}',
    ':',
    ',',
    'null',
    '1e999',
    '-1',
    '__proto__',
    '0x',
    '%',
    '172.16.15.1/32',
    '\0',
    '\u202e',
  ],
  read: (bytes) => {
    const index = (bytes[0] ?? 0) % READERS.length;
    try {
      const found = READERS[index]?.read(Buffer.from(bytes.subarray(1)).toString('utf8'));
      return `${index} ${shape(JSON.stringify(found) ?? '')}`;
    } catch (error) {
      return `${index} ${refusal(error)}`;
    }
  },
};

function captured(name: string): string {
  return readFileSync(`${CHECKOUT}/src/doctor/parse/captured/8.4.4/${name}`, 'utf8');
}
