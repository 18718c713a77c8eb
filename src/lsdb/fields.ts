import { encodeLsaHeader, LSA_HEADER_LENGTH, type LsaHeader, type LsaInstance, splitOpaqueId } from 'ospfapi-shim';
import { type Field, FieldWalker } from './field.js';
import type { FieldContext } from './field-context.js';
import { externalParts, networkParts, routerParts, summaryParts } from './fields-of-routes.js';
import { opaqueParts } from './fields-of-tlvs.js';
import type { Targets } from './targets.js';
import { hexNumber, lsaTypeName, opaqueTypeName, optionNames } from './words.js';

/** Header and body as on the wire. The age is the one with which it was received. */
export function lsaBytes(lsa: LsaInstance): Uint8Array {
  return Uint8Array.from([...encodeLsaHeader(lsa.header), ...lsa.body]);
}

/** The whole LSA down to the last field: header (RFC 2328 appendix A.4.1), then body. Never throws. */
export function lsaFields(lsa: LsaInstance, targets: Targets): readonly Field[] {
  const walker = new FieldWalker(lsaBytes(lsa));
  const { type, linkStateId } = lsa.header;
  const context = { type, linkStateId, area: lsa.area, targets };
  walker.group('header', LSA_HEADER_LENGTH, (header) => headerParts(header, lsa.header, context));
  walker.group('body', lsa.body.length, (body) => bodyParts(body, context));
  return walker.finish();
}

function headerParts(walker: FieldWalker, header: LsaHeader, { area, targets }: FieldContext): void {
  const isRouterId = header.type === 1 || header.type === 4;
  walker.number('LS age', 2, (age) => ({ meaning: `${age} s, as ospfd told it` }));
  walker.number('options', 1, (bits) => ({ value: hexNumber(bits, 2), meaning: optionNames(bits) }));
  walker.number('LS type', 1, (type) => ({ meaning: lsaTypeName(type) }));
  walker.address('link state ID', (id) => ({
    meaning: linkStateIdMeaning(header),
    target: isRouterId ? targets.router(id, area) : null,
  }));
  walker.address('advertising router', (id) => ({ target: targets.router(id, area) }));
  walker.number('LS sequence number', 4, (value) => ({ value: hexNumber(value, 8) }));
  walker.number('LS checksum', 2, (value) => ({ value: hexNumber(value, 4), meaning: 'Fletcher, without the age' }));
  walker.number('length', 2, (length) => ({ meaning: `${length} bytes with the header` }));
}

/** RFC 2328 section 12.1.4, RFC 5250 section 3. */
function linkStateIdMeaning({ type, linkStateId }: LsaHeader): string | null {
  switch (type) {
    case 1:
      return 'the router ID of the router';
    case 2:
      return "the designated router's address on the network";
    case 3:
    case 5:
    case 7:
      return 'the destination network';
    case 4:
      return 'the router ID of the AS boundary router';
    case 9:
    case 10:
    case 11: {
      const { opaqueType, opaqueId } = splitOpaqueId(linkStateId);
      return `${opaqueTypeName(opaqueType)} (opaque type ${opaqueType}), opaque ID ${opaqueId}`;
    }
    default:
      return null;
  }
}

function bodyParts(walker: FieldWalker, context: FieldContext): void {
  switch (context.type) {
    case 1:
      return routerParts(walker, context);
    case 2:
      return networkParts(walker, context);
    case 3:
    case 4:
      return summaryParts(walker);
    case 5:
    case 7:
      return externalParts(walker);
    case 9:
    case 10:
    case 11:
      return opaqueParts(walker, context);
    default:
      return walker.bytes('data', walker.remaining);
  }
}
