/** An IPv4 address, or what OSPF writes like one (router ID, area ID, link state ID): an unsigned 32-bit number. */
export type Ipv4 = number & { readonly __brand: 'Ipv4' };

/** The number as an `Ipv4`. Throws a RangeError if it is not an unsigned 32-bit integer. */
export function ipv4(value: number): Ipv4 {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`an IPv4 address is an unsigned 32-bit number, not ${value}`);
  }
  return value as Ipv4;
}

/** Reads a dotted quad such as `10.0.0.1`; undefined if the text is not one. */
export function parseIpv4(text: string): Ipv4 | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value as Ipv4;
}

export function formatIpv4(address: Ipv4): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

export const ANY_ADDRESS = ipv4(0);
