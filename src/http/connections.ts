import type { Socket } from 'node:net';

/** How many connections of a kind there may be. */
export interface RoomFor {
  /** From all addresses together. */
  readonly all: number;
  readonly oneAddress: number;
}

export interface Room {
  /** Those whose TLS handshake has not ended, or not begun. */
  readonly strangers: RoomFor;
  readonly holders: RoomFor;
}

/**
 * Strangers and holders have room of their own, so that nobody without a certificate takes the place of one who has one. A
 * browser holds one connection for its stream and a few for the rest.
 */
export const ROOM: Room = {
  strangers: { all: 400, oneAddress: 200 },
  holders: { all: 600, oneAddress: 300 },
};

interface Connection {
  readonly socket: Socket;
  /** The other end, while it is known. */
  readonly end: string;
  readonly address: string;
  isHolder: boolean;
  /** Requests that are being answered: streams too. */
  requests: number;
  idleSinceMs: number;
}

/**
 * All connections of a server, and which of them goes when there is room for no more: of the address that has most, a
 * stranger that came last, or a holder on whose connection nothing has been asked for longest.
 */
export class Connections {
  readonly #room: Room;
  readonly #open = new Map<Socket, Connection>();
  /** TLS has other objects for the same connections; the other end is the same. */
  readonly #byEnd = new Map<string, Connection>();

  constructor(room: Room) {
    this.#room = room;
  }

  get sockets(): Iterable<Socket> {
    return this.#open.keys();
  }

  /** false: there is no room; it must be closed. */
  add(socket: Socket): boolean {
    const { remoteAddress: address = '' } = socket;
    const connection = { socket, end: endOf(socket), address, isHolder: false, requests: 0, idleSinceMs: 0 };
    if (!this.#makeRoom(connection, this.#room.strangers)) return false;
    this.#open.set(socket, connection);
    this.#byEnd.set(connection.end, connection);
    return true;
  }

  delete(socket: Socket): void {
    const connection = this.#open.get(socket);
    if (connection === undefined) return;
    this.#open.delete(socket);
    if (this.#byEnd.get(connection.end) === connection) this.#byEnd.delete(connection.end);
  }

  /** The handshake has ended well. `socket`: TLS's own. false: there is no room; it must be closed. */
  becomesHolder(socket: Socket): boolean {
    const connection = this.#of(socket);
    if (connection === undefined) return true;
    connection.isHolder = true;
    connection.idleSinceMs = performance.now();
    return this.#makeRoom(connection, this.#room.holders);
  }

  requestBegins(socket: Socket): void {
    const connection = this.#of(socket);
    if (connection !== undefined) connection.requests += 1;
  }

  requestEnds(socket: Socket): void {
    const connection = this.#of(socket);
    if (connection === undefined) return;
    connection.requests -= 1;
    connection.idleSinceMs = performance.now();
  }

  #of(socket: Socket): Connection | undefined {
    return this.#open.get(socket) ?? this.#byEnd.get(endOf(socket));
  }

  /** Closes another one of its kind if need be. */
  #makeRoom(newcomer: Connection, { all, oneAddress }: RoomFor): boolean {
    const others = [...this.#open.values()].filter(
      (other) => other !== newcomer && other.isHolder === newcomer.isHolder && !other.socket.destroyed,
    );
    const own = others.filter(({ address }) => address === newcomer.address);
    if (own.length >= oneAddress) return newcomer.isHolder && closeIdlest(own);
    if (others.length < all) return true;
    const most = ofLargest(others);
    if (newcomer.isHolder) return closeIdlest(most) || closeIdlest(others);
    // Whoever has as many as any other address waits until one of them goes.
    if (most.length <= own.length) return false;
    most.at(-1)?.socket.destroy();
    return true;
  }
}

function ofLargest(connections: readonly Connection[]): Connection[] {
  const byAddress = new Map<string, Connection[]>();
  for (const connection of connections) {
    const known = byAddress.get(connection.address);
    if (known === undefined) byAddress.set(connection.address, [connection]);
    else known.push(connection);
  }
  return [...byAddress.values()].reduce((most, each) => (each.length > most.length ? each : most), []);
}

function closeIdlest(connections: readonly Connection[]): boolean {
  const idle = connections.filter(({ requests }) => requests === 0);
  const [first, ...rest] = idle;
  if (first === undefined) return false;
  rest.reduce((longest, each) => (each.idleSinceMs < longest.idleSinceMs ? each : longest), first).socket.destroy();
  return true;
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
