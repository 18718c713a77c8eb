/**
 * Numbers on the wire are unsigned 32-bit, and some only ever grow: at the end of the range nothing could follow. So what no
 * cluster reaches by itself is not believed, neither from others nor from a clock or a record, and cannot spread.
 */

/** A claim a second for 68 years. A group whose claims are at this end goes on with equal ones. */
export const MAX_CLAIM = 2 ** 31;
/** One announcement raises what is known of a group's claims by this much at most: 194 days of a claim a second. */
export const MAX_CLAIM_STEP = 2 ** 24;
/** An announcement with a higher epoch is malformed. */
export const MAX_EPOCH = 2 ** 32 - 2 ** 16;
/** The highest epoch that is taken from a clock (the year 2097), a record, or what somebody announces under our router ID. */
export const MAX_GIVEN_EPOCH = 2 ** 32 - 2 ** 28;
/** A command with a higher nonce is malformed: its issuer would have none left that is higher. A life gives no such number. */
export const MAX_NONCE = 2 ** 31;
/** After so many announcements a daemon goes on in the next epoch. */
export const MAX_COUNTER = 2 ** 31;
