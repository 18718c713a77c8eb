import type { FrrDaemon, VtyAnswer } from './answer.js';

/** One open VTY, in enable mode. Used for one command at a time; after a failure it is closed and of no more use. */
export interface VtyConnection {
  /** Throws VtyUnavailable if no whole answer comes within the time. */
  exec(text: string, timeoutMs: number): Promise<VtyAnswer>;
  close(): void;
}

/** Opens a VTY. Throws VtyUnavailable. `onClosed` is called once, when the other side ends it or it breaks. */
export type OpenVty = (timeoutMs: number, onClosed: (reason: string) => void) => Promise<VtyConnection>;

/** Where a daemon's VTY is. With a password over TCP, without one through the UNIX socket. */
export type VtyAddress =
  | { readonly kind: 'unix'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly password: string;
      /** undefined: the same as `password`. */
      readonly enablePassword?: string | undefined;
    };

export interface VtyEndpoint {
  readonly daemon: FrrDaemon;
  readonly address: VtyAddress;
}
