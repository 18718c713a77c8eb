import type { ApiPorts } from '../server.js';
import type { OpenLists } from './lists.js';

/** What the web thread asks of: the ports, and lists that are fetched a part at a time. */
export type Asked = ApiPorts & { readonly lists: OpenLists };

/** All that it may ask of each: every argument and every answer is plain data. Both ends are made from this. */
export const QUESTIONS = {
  control: ['status', 'service', 'command', 'simulate'],
  configurations: ['configurations'],
  session: ['node'],
  node: ['shutDown', 'doctor'],
  pki: ['describe', 'revocationList'],
  metrics: ['readings'],
  events: ['query'],
  lsdb: ['find', 'topology'],
  routers: ['run', 'complete'],
  definitions: ['find', 'validate', 'save', 'remove', 'exported', 'import', 'apply'],
  lists: ['events', 'lsdb', 'definitions', 'next', 'close'],
} as const satisfies { readonly [Port in keyof Asked]?: readonly Askable<Asked[Port]>[] };

/** Methods that may answer later. */
type Askable<Port> = {
  [Method in keyof Port]: Port[Method] extends (...args: never) => infer Answer
    ? Promise<never> extends Answer
      ? Method
      : never
    : never;
}[keyof Port];

export type AskedPort = keyof typeof QUESTIONS;

/** What of a port can be asked. */
export type AskedOf<Port extends AskedPort> = Pick<Asked[Port], (typeof QUESTIONS)[Port][number] & keyof Asked[Port]>;
