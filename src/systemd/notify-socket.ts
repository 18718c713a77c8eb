import { writeSync } from 'node:fs';

/** Where systemd listens to a service. */
export interface NotifySocket {
  /** Assignments of sd_notify(3), such as `READY=1`. Never waits and never throws: what systemd does not take is lost. */
  tell(...assignments: readonly string[]): void;
  /** How often it must be told `WATCHDOG=1`, in ms; null: it does not watch. */
  readonly watchdogMs: number | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The socket that bin/with-notify-socket has opened; null: systemd wants to hear nothing. Throws a sentence if systemd waits
 * for a message and there is no way to send it.
 */
export function notifySocket(
  environment: Environment = process.env,
  pid = process.pid,
  write: (fd: number, text: string) => void = writeSync,
): NotifySocket | null {
  const { SRRD_NOTIFY_FD, NOTIFY_SOCKET } = environment;
  if (SRRD_NOTIFY_FD === undefined) {
    if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return null;
    throw new Error(
      'systemd waits to be told that srrd is ready (Type=notify), and srrd was started without with-notify-socket: expected ExecStart=…/with-notify-socket …/srrd …, as in the unit that comes with srrd',
    );
  }
  const fd = Number(SRRD_NOTIFY_FD);
  if (!Number.isInteger(fd) || fd < 3)
    throw new Error(`expected a file descriptor in SRRD_NOTIFY_FD, got "${SRRD_NOTIFY_FD}"`);
  return {
    tell: (...assignments) => {
      try {
        // One write to a datagram socket is one datagram.
        write(fd, assignments.join('\n'));
      } catch {
        // EAGAIN: its queue is full. ECONNREFUSED: it is executing itself anew. The next message comes soon.
      }
    },
    watchdogMs: watchdogMs(environment, pid),
  };
}

/** sd_watchdog_enabled(3). */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: Environment, pid: number): number | null {
  if (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== pid) return null;
  const microseconds = Number(WATCHDOG_USEC ?? 0);
  return Number.isFinite(microseconds) && microseconds > 0 ? microseconds / 1000 : null;
}
