import { dirname } from 'node:path';
import type { Limits, ServiceDefinition } from '../model/index.js';

/** What the shell ends with when it cannot enter the folder; make ends with 0, 1 or 2. */
export const NO_FOLDER = 121;
/** … and when nobody knows the user. */
export const NO_USER = 122;
/** … and when SRRD_STATE_DIR belongs to somebody else. */
export const FOREIGN_FOLDER = 123;

/**
 * Whoever starts a process waits until it has entered its folder and found its program, and where a file system hangs that
 * takes for ever. So only the shell is started here, by its absolute path, and does both itself; and it asks who the user is,
 * which a directory service that is down may not answer. Nothing of a definition is in this text: all comes as arguments.
 *
 * A user that the service had before may have put links into its folder, for root to follow. `activate`, before which nothing
 * of the service runs, puts that folder aside. Anything else could miss what still runs: it does not begin.
 *
 * The names of its variables are ones that no definition can set (SRRD_*): else they would change what make is told.
 */
const SCRIPT = `
cd "$1" 2> /dev/null || exit ${NO_FOLDER}
SRRD_MAKEFILE=$2 SRRD_TARGET=$3 SRRD_USER=$4 SRRD_UID=
shift 4
if [ "$SRRD_USER" != "" ]; then
  SRRD_ENTRY=$(/usr/bin/getent passwd "$SRRD_USER") || exit ${NO_USER}
  IFS=: read -r SRRD_USER SRRD_PASSWORD SRRD_UID SRRD_GID SRRD_GECOS SRRD_HOME SRRD_SHELL << END
$SRRD_ENTRY
END
fi
if ! [ -O "$SRRD_STATE_DIR" ]; then
  SRRD_OWNER=$(/usr/bin/stat -c %u "$SRRD_STATE_DIR") || exit 1
  if [ "$SRRD_OWNER" != "$SRRD_UID" ] && [ "$SRRD_OWNER" != 0 ]; then
    [ "$SRRD_TARGET" = activate ] || exit ${FOREIGN_FOLDER}
    /bin/mv -T "$SRRD_STATE_DIR" "$SRRD_STATE_DIR~$SRRD_OWNER-$(/bin/date +%s)" || exit 1
    /bin/mkdir -m 700 "$SRRD_STATE_DIR" || exit 1
  fi
fi
if [ "$SRRD_USER" != "" ]; then
  export USER="\${USER:-$SRRD_USER}" LOGNAME="\${LOGNAME:-$SRRD_USER}" HOME="\${HOME:-$SRRD_HOME}"
  /bin/chown "$SRRD_UID:$SRRD_GID" "$SRRD_STATE_DIR" || exit 1
  set -- "$@" /usr/bin/setpriv --reuid="$SRRD_UID" --regid="$SRRD_GID" --init-groups --inh-caps=-all --
fi
exec "$@" make -f "$SRRD_MAKEFILE" --no-print-directory "$SRRD_TARGET"`;

/** `make -f MAKEFILE --no-print-directory TARGET` in the Makefile's folder, as the definition's user and within its limits. */
export function makeCommand(
  { makefile, user, limits }: Pick<ServiceDefinition, 'makefile' | 'user' | 'limits'>,
  target: string,
): string[] {
  return ['/bin/sh', '-c', SCRIPT, 'make', dirname(makefile), makefile, target, user ?? '', ...limiting(limits ?? {})];
}

/** prlimit(1) becomes what it starts, as setpriv(1) does, so the process stays the same. The user is changed within the limits. */
function limiting({ memoryBytes, processes, openFiles }: Limits): string[] {
  const both = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`--${name}=${value}:${value}`];
  const limits = [...both('data', memoryBytes), ...both('nproc', processes), ...both('nofile', openFiles)];
  return limits.length === 0 ? [] : ['/usr/bin/prlimit', ...limits];
}
