/** A port answers at once where it is, and later where it is asked from another thread. */
export type Awaitable<Value> = Value | Promise<Value>;
