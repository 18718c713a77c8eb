/** Most addresses of one service. Together with MAX_DEPENDENCIES it leaves 250 bytes for a failure's reason. */
export const MAX_ADDRESSES = 16;

/** Most services that one service may depend on directly. */
export const MAX_DEPENDENCIES = 12;

/**
 * Whether this is a name for a cluster, service or group: 1 to 64 of A-Z a-z 0-9 . _ -, but not `.` or `..`, because
 * services have files and folders of their name.
 */
export function isName(text: string): boolean {
  return /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/.test(text);
}
