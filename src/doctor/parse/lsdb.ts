import type { LsaRecord } from '../facts.js';

/** RFC 2328 appendix B: such an LSA is being flushed. */
const MAX_AGE_SECONDS = 3600;

/** Reads `show ip ospf database TYPE`: text, since its JSON has neither lengths nor bodies. What is incomplete is left out. */
export function readLsdb(text: string): readonly LsaRecord[] {
  return text
    .split(/^(?=\s*LS age: )/m)
    .slice(1)
    .flatMap(readLsa);
}

function readLsa(text: string): readonly LsaRecord[] {
  const field = (pattern: RegExp) => pattern.exec(text)?.[1];
  const age = Number(field(/^\s*LS age: (\d+)/m));
  const type = field(/^\s*LS Type: (.+?)(?:-LSA)?\s*$/m);
  const linkStateId = field(/^\s*Link State ID: (\S+)/m);
  const advertisingRouter = field(/^\s*Advertising Router: (\S+)/m);
  const length = Number(field(/^\s*Length: (\d+)/m));
  if (type === undefined || linkStateId === undefined || advertisingRouter === undefined) return [];
  // `routing bit` and `DoNotAge` make it `3600(DNA)`: the number counts.
  if (!Number.isInteger(length) || !(age < MAX_AGE_SECONDS)) return [];
  return [{ type: typeName(type), linkStateId, advertisingRouter, length, body: readBody(text, length) }];
}

/** `router-LSA`, `AS-external Opaque-LSA`, `Area-Local Opaque-LSA`. */
function typeName(type: string): string {
  return type === 'router' ? 'Router' : type;
}

/** Shown while a client of the OSPF API has registered the opaque type. */
function readBody(text: string, length: number): Uint8Array | null {
  const shown = /^\s*Opaque data: ((?:0x[0-9a-f]{1,2}\s*)*)$/m.exec(text)?.[1];
  if (shown === undefined) return null;
  const body = Uint8Array.from(shown.trim().split(/\s+/), (word) => Number.parseInt(word.slice(2), 16));
  return body.length === length - LSA_HEADER_BYTES ? body : null;
}

const LSA_HEADER_BYTES = 20;
