/** Who asks for a session. */
export interface Asker {
  readonly user: string;
  readonly isAdmin: boolean;
}

/** Sessions of one user with one daemon at the same time. */
export const MOST_OF_ONE = 2;

/** Of all users who are no admins, and beside them of all admins: whoever may only look keeps no admin out. */
export const MOST_OF_OTHERS = 4;
export const MOST_OF_ADMINS = 4;

/** There are as many sessions already as this user may have. */
export class ConsoleBusy extends Error {
  override readonly name = 'ConsoleBusy';
}

/** The sessions of people with one routing daemon, counted. */
export class Sessions {
  readonly #open = new Set<Asker>();

  constructor(private readonly daemon: string) {}

  /** Returns what ends the session. Throws ConsoleBusy if there are too many. */
  enter({ user, isAdmin }: Asker): () => void {
    const alike = [...this.#open].filter((other) => other.isAdmin === isAdmin);
    const own = alike.filter((other) => other.user === user).length;
    const most = isAdmin ? MOST_OF_ADMINS : MOST_OF_OTHERS;
    const full =
      own >= MOST_OF_ONE
        ? `${own} commands of ${user}`
        : alike.length >= most
          ? `${most} commands of ${isAdmin ? 'admins' : 'users who are no admins'}`
          : null;
    if (full !== null) {
      throw new ConsoleBusy(`${full} for ${this.daemon} are under way already; try again when one has ended`);
    }
    const asker = { user, isAdmin };
    this.#open.add(asker);
    return () => void this.#open.delete(asker);
  }
}
