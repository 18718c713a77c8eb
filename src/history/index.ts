/**
 * What events say of who owned what, and why it moved: for metrics, alerts and the availability page.
 *
 * It takes events and gives plain data, without clock, file or socket. It must not know how events are kept or shown, and decides nothing.
 */

export {
  Availability,
  type AwayCause,
  type OwnershipSpan,
  type Period,
  type ServiceAvailability,
} from './availability.js';
export { FAILOVER_CAUSES, type Failover, type FailoverCause, Owners } from './owners.js';
