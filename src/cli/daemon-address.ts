/** Where a daemon is asked. */
export type DaemonAddress = SocketOfDaemon | WebServerOfDaemon;

export interface SocketOfDaemon {
  readonly kind: 'socket';
  readonly path: string;
}

export interface WebServerOfDaemon {
  readonly kind: 'web';
  readonly host: string;
  readonly port: number;
  /** The node that is asked for, whose certificate may say this instead of the host; null: only the host is known. */
  readonly node: { readonly name: string; readonly routerId: string | null } | null;
  /** Whoever asks gave the host, so a certificate for it is enough. False: another node told it, which may be wrong. */
  readonly isHostGiven: boolean;
  readonly credentials: Credentials;
}

/** PEM: who we are, and by whom the other must be certified. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

export function atSocket(path: string): SocketOfDaemon {
  return { kind: 'socket', path };
}

/** For sentences: the socket's path, or `beta (10.0.0.2:8443)`. */
export function inWords(address: DaemonAddress): string {
  if (address.kind === 'socket') return address.path;
  const at = `${address.host}:${address.port}`;
  return address.node === null ? at : `${address.node.name} (${at})`;
}
