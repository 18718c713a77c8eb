/**
 * The looking glass: the LSDB of this node as people read it. LSAs in lists, decoded down to the last field with the bytes
 * beside, and the topology that they describe with the path from here to each service.
 *
 * It reads the mirror that the OSPF API client keeps anyway and changes nothing. It must not know HTTP, who looks, or what
 * the cluster decides: it shows what was flooded.
 */
export type * from './documents.js';
export type { Field } from './field.js';
export { LookingGlass, type LookingGlassOptions } from './looking-glass.js';
export { Subscription } from './subscription.js';
export type * from './topology-document.js';
