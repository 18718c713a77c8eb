import type { CommandOutcome, RouterId } from '../../model/index.js';
import type { CommandEvent } from './event.js';

/** Commands on their way from here, and commands from others. */
export interface RemoteCommands {
  nextNonce: number;
  /** Sent and not yet answered, by nonce. */
  readonly sent: Map<number, SentCommand>;
  /** Taken from others and being executed, by request. */
  readonly executing: Map<string, ExecutedCommand>;
  /** Who has sent commands: each is carried out once, however often its LSA arrives. */
  readonly issuers: Map<RouterId, Issuer>;
  /** What our Daemon LSA says of commands that ended, the newest last. */
  readonly outcomes: KeptOutcome[];
}

/** Who asked for what, for the log and the list of events. */
export type Asked = Pick<CommandEvent, 'order' | 'operator' | 'role'>;

export interface SentCommand {
  readonly request: string;
  readonly asked: Asked;
  readonly target: RouterId;
  /** The epoch of its announcement. */
  readonly epoch: number;
  withdrawn: boolean;
}

export interface ExecutedCommand extends Pick<CommandOutcome, 'issuer' | 'epoch' | 'nonce'> {
  readonly asked: Asked;
}

/**
 * The high-water mark of the commands that came from one node: no command is taken twice, however often and however late its
 * LSA comes, and whatever other nodes send meanwhile.
 */
export interface Issuer {
  epoch: number;
  /** The highest nonce in this epoch. */
  highest: number;
  /** All up to this one are taken to have been carried out by an earlier life of this daemon. */
  readonly floor: number;
  /** Those that came, of the last `COMMANDS_AT_A_TIME`. */
  readonly seen: Set<number>;
  /** When the present period began (monotonic ms), and how many came in it. */
  sinceMs: number;
  count: number;
}

/** What our Daemon LSA says of a command that has ended, and until when (monotonic ms). */
export interface KeptOutcome {
  readonly outcome: CommandOutcome;
  readonly untilMs: number;
}
