// A router without srrd and without a key, which says what it should not, in its own name: that it has started SERVICE with a high claim, that TARGET is to
// stop it, and again what all nodes say. Then says "flooded N", and stays until it is ended.
// usage: forger.mjs SERVICE ADDRESS TARGET
import { parseIpv4 } from 'ospfapi-shim';
import { encodeBody } from '../../../dist/lsa/index.js';
import { clientOfOspfd, OPAQUE_TYPE } from './client.mjs';

const [service, address, target] = process.argv.slice(2);

const { client, genuine } = await clientOfOspfd();

const epoch = Math.floor(Date.now() / 1000);
let flooded = 0;
await flood('222.200.1.0', encodeBody(daemon(1), 'default'));
await flood('222.200.0.200', encodeBody(started(2), 'default'));
await flood('222.200.1.1', encodeBody(stop(3), 'default'));
for (const [index, { header, body }] of genuine.entries()) {
  const series = header.linkStateId & 0xffff;
  // Under another generation than that of its node, and than those above.
  await originate(((OPAQUE_TYPE << 24) | ((100 + (index % 90)) << 16) | series) >>> 0, body);
}
console.log(`flooded ${flooded}`);

function flood(lsaId, body) {
  return originate(parseIpv4(lsaId), body);
}

async function originate(linkStateId, body) {
  const reply = await client.originate({ lsaType: 11, linkStateId, body });
  if (!reply.ok) throw new Error(`ospfd refused an LSA: ${reply.text}`);
  flooded += 1;
}

function daemon(counter) {
  return {
    kind: 'daemon',
    sequence: { epoch, counter },
    hostName: 'forger',
    softwareVersion: '0.1.0',
    rulesVersion: 2,
    capabilities: 0,
    managementAddresses: [],
    managementPort: 0,
    standby: false,
    ask: [],
    outcomes: [],
    revocations: [],
    digest: null,
  };
}

function started(counter) {
  return {
    kind: 'service',
    sequence: { epoch, counter },
    definition: {
      name: service,
      group: service,
      dependsOn: [],
      kind: 'service',
      critical: true,
      addresses: [address],
      scope: 'as',
      area: null,
      preempt: true,
      handover: 'exclusive',
    },
    preference: 255,
    runState: 'started',
    standby: false,
    joining: false,
    pinned: true,
    claim: 1_000_000,
    knownClaim: null,
    assent: null,
    failure: null,
    checkIntervalMs: 10_000,
    checkStamp: epoch,
    definitionHash: '0123456789abcdef',
  };
}

function stop(counter) {
  return {
    kind: 'command',
    sequence: { epoch, counter },
    nonce: 1,
    operator: 'root',
    role: 'admin',
    target: parseIpv4(target),
    order: { of: 'service', service, command: 'stop' },
    pin: false,
    holder: null,
  };
}
