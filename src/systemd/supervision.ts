import type { NotifySocket } from './notify-socket.js';

/** A change is told after so many ms, with all that have come meanwhile. */
const COALESCE_MS = 1_000;

/** So long the start may wait for the network, in ms: a node without neighbours must not hold up the boot of its machine. */
const READY_WITHIN_MS = 60_000;

/** systemd is fed three times in the time that it allows: a late timer or a lost message ends nothing. */
const FEEDS = 3;

export interface SupervisionParts {
  readonly socket: NotifySocket;
  /** This node announces its services to the others. */
  readonly isReady: () => boolean;
  /** In one line. */
  readonly status: () => string;
  readonly readyWithinMs?: number;
}

/** Keeps systemd informed, from the event loop alone: a daemon whose loop stands still feeds no watchdog. */
export class Supervision {
  readonly #parts: SupervisionParts;
  #watchdog: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #isReady = false;
  #told = '';

  constructor(parts: SupervisionParts) {
    this.#parts = parts;
    const { socket, readyWithinMs = READY_WITHIN_MS } = parts;
    if (socket.watchdogMs !== null) {
      this.#watchdog = setInterval(() => socket.tell('WATCHDOG=1'), socket.watchdogMs / FEEDS).unref();
    }
    this.#deadline = setTimeout(() => this.#ready(), readyWithinMs).unref();
    this.changed();
  }

  /** Something has happened. Cheap; to be called after every event. */
  changed(): void {
    if (!this.#isReady && this.#parts.isReady()) this.#ready();
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#tellStatus();
    }, COALESCE_MS).unref();
  }

  /** The daemon stops what it runs, for so long at most; the watchdog is fed until it has ended. */
  ending(withinMs: number): void {
    // Only a time that is later than that of TimeoutStopSec= has an effect.
    this.#parts.socket.tell('STOPPING=1', `EXTEND_TIMEOUT_USEC=${Math.ceil(withinMs) * 1_000}`);
    this.changed();
  }

  close(): void {
    clearInterval(this.#watchdog);
    clearTimeout(this.#deadline);
    clearTimeout(this.#soon);
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    clearTimeout(this.#deadline);
    this.#told = this.#parts.status();
    this.#parts.socket.tell('READY=1', `STATUS=${this.#told}`);
  }

  #tellStatus(): void {
    const status = this.#parts.status();
    if (status === this.#told) return;
    this.#told = status;
    this.#parts.socket.tell(`STATUS=${status}`);
  }
}
