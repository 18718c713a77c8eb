// Floods opaque LSAs of type 222 that are no announcements, from a router that runs no srrd: half of them random bytes,
// half of them announcements out of the LSDB with a few bytes changed. Then says "flooded", and stays until it is ended.
// usage: stranger.mjs COUNT SEED
import { createHash } from 'node:crypto';
import { parseIpv4 } from 'ospfapi-shim';
import { clientOfOspfd, OPAQUE_TYPE } from './client.mjs';

const LONGEST_BODY = 1400;
const [count, seed] = process.argv.slice(2);
let drawn = 0;

const { client, genuine } = await clientOfOspfd([10, 11]);

if (genuine.length === 0) throw new Error('there is no announcement that could be changed');
const ids = new Set(genuine.map(({ header }) => header.linkStateId));
while (ids.size < Number(count)) ids.add(((OPAQUE_TYPE << 24) | draw(1 << 24)) >>> 0);
let index = 0;
for (const linkStateId of [...ids].slice(0, Number(count))) {
  const body =
    index % 2 === 0 ? randomBytes(4 * draw(LONGEST_BODY / 4 + 1)) : changed(genuine[draw(genuine.length)].body);
  const reply = await client.originate({
    lsaType: index % 3 === 0 ? 10 : 11,
    area: parseIpv4('0.0.0.0'),
    linkStateId,
    body,
  });
  if (!reply.ok) throw new Error(`ospfd refused LSA ${index} of ${body.length} bytes: ${reply.text}`);
  index += 1;
}
console.log('flooded');

function changed(body) {
  const copy = Uint8Array.from(body);
  for (let change = 0; change < 1 + draw(4); change++) copy[draw(copy.length)] ^= 1 + draw(255);
  return Buffer.compare(copy, body) === 0 ? changed(body) : copy;
}

function randomBytes(length) {
  return Uint8Array.from({ length }, () => draw(256));
}

/** 0 to below - 1; the same for the same seed. */
function draw(below) {
  drawn += 1;
  return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE() % below;
}
