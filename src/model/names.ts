/** Most addresses of one service. Together with MAX_DEPENDENCIES it leaves 250 bytes for a failure's reason. */
export const MAX_ADDRESSES = 16;

/** Most services that one service may depend on directly. */
export const MAX_DEPENDENCIES = 12;

/** What every object of JavaScript has: whoever looks up a name in one would find these. */
const WORDS_OF_OBJECTS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** Goes on after "expected". */
export const NAME_EXPECTED = `1 to 64 of A-Z a-z 0-9 . _ -, and not ${WORDS_OF_OBJECTS.join(', ')}`;

/**
 * Whether this is a name for a cluster, service or group: what NAME_EXPECTED says, but not `.` or `..`, because
 * services have files and folders of their name.
 */
export function isName(text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/.test(text) && !WORDS_OF_OBJECTS.includes(text);
}
