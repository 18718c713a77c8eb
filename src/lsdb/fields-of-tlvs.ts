import { splitOpaqueId, splitTlvs, tlvLength } from 'ospfapi-shim';
import type { FieldWalker } from './field.js';
import type { FieldContext } from './field-context.js';
import { announcementTlv, type TlvReading } from './fields-of-announcements.js';
import { containerOf, foreignTlvName } from './tlv-names.js';

export const OWN_OPAQUE_TYPE = 222;

/** The data of an opaque LSA (RFC 5250): TLVs, where they fill it; else bytes. */
export function opaqueParts(walker: FieldWalker, context: FieldContext): void {
  const { opaqueType } = splitOpaqueId(context.linkStateId);
  tlvParts(walker, walker.rest(), (type, value) => {
    if (opaqueType === OWN_OPAQUE_TYPE) return announcementTlv(type, value, context);
    const name = foreignTlvName(opaqueType, type);
    const inner = containerOf(opaqueType, type);
    if (inner === undefined) return { name };
    return { name, parts: (part) => subTlvParts(part, (subType) => inner.get(subType) ?? `sub-TLV ${subType}`) };
  });
}

function subTlvParts(walker: FieldWalker, nameOf: (type: number) => string): void {
  tlvParts(walker, walker.rest(), (type) => ({ name: nameOf(type) }));
}

function tlvParts(walker: FieldWalker, data: Uint8Array, read: (type: number, value: Uint8Array) => TlvReading): void {
  const tlvs = splitTlvs(data);
  if (!Array.isArray(tlvs)) {
    walker.bytes('data', data.length, () => ({ meaning: `no sequence of TLVs: ${tlvs.reason}` }));
    return;
  }
  for (const tlv of tlvs) {
    const { name, explanation, parts } = read(tlv.type, tlv.value);
    const length = tlv.value.length;
    walker.group(
      name,
      tlvLength(tlv),
      (part) => {
        part.number('TLV type', 2, () => ({ meaning: name }));
        part.number('TLV length', 2);
        if (parts === undefined) part.bytes('value', length, () => explanation ?? {});
        else part.group('value', length, parts);
        part.bytes('padding', part.remaining);
      },
      () => explanation ?? {},
    );
  }
}
