/** An OSPF router ID: an unsigned 32-bit number, written as a dotted quad (RFC 2328 section 1.2). */
export type RouterId = number & { readonly __brand: 'RouterId' };

/** The number as a router ID. Throws a RangeError if it is not an unsigned 32-bit integer. */
export function routerId(value: number): RouterId {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`a router ID is an unsigned 32-bit number, not ${value}`);
  }
  return value as RouterId;
}

/** Reads a dotted quad such as `10.0.0.1`; undefined if the text is not one. */
export function parseRouterId(text: string): RouterId | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value as RouterId;
}

export function formatRouterId(id: RouterId): string {
  return [24, 16, 8, 0].map((shift) => (id >>> shift) & 255).join('.');
}
