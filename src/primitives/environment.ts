import { join } from 'node:path';
import type { PrimitiveContext } from '../cluster/index.js';
import { isReservedVariable, type ServiceDefinition } from '../model/index.js';

/** What a primitive is told of the node it runs on. */
export interface PrimitiveNode {
  /** SRRD_NODE: the node's name. */
  readonly name: string;
  /** SRRD_CLUSTER. */
  readonly cluster: string;
}

export interface PrimitiveEnvironment extends Readonly<Record<string, string>> {
  readonly PATH: string;
  readonly SRRD_STATE_DIR: string;
}

/**
 * The whole environment of one call: basics of the daemon's own, the service's variables, those of its file
 * (`secrets`), and SRRD_*. Nothing else of
 * the daemon's environment is passed on. Lists are separated by one space.
 */
export function primitiveEnvironment(
  node: PrimitiveNode,
  stateDir: string,
  definition: ServiceDefinition,
  context: PrimitiveContext,
  secrets: Readonly<Record<string, string>> = {},
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): PrimitiveEnvironment {
  return {
    ...basics(definition.user === undefined ? inherited : { ...inherited, HOME: '', USER: '', LOGNAME: '' }),
    ...ownVariables({ ...definition.variables, ...secrets }),
    SRRD_SERVICE: definition.name,
    SRRD_GROUP: definition.group,
    SRRD_CLUSTER: node.cluster,
    SRRD_NODE: node.name,
    SRRD_ADDRESSES: definition.addresses.join(' '),
    SRRD_INTERFACE: definition.interface,
    SRRD_PREFERENCE: String(definition.preference),
    SRRD_CLAIM: String(context.claim),
    SRRD_PEERS: context.peers.join(' '),
    ...(context.peer === null ? {} : { SRRD_PEER: context.peer }),
    ...(context.failure === null ? {} : { SRRD_FAILURE: context.failure }),
    SRRD_STATE_DIR: serviceStateDir(stateDir, definition.name),
    SRRD_RECALL: String(context.recall),
    LC_ALL: 'C',
  };
}

/** SRRD_STATE_DIR: a folder of the service's own, below the daemon's state directory. */
export function serviceStateDir(stateDir: string, service: string): string {
  const folder = service.replace(
    /^\.|[^A-Za-z0-9._-]/g,
    (character) => `%${Buffer.from(character, 'utf8').toString('hex')}`,
  );
  return join(stateDir, 'run', folder);
}

const BASICS = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'TZ'];
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function basics(inherited: Readonly<Record<string, string | undefined>>) {
  const environment: Record<string, string> & { PATH: string } = { PATH: DEFAULT_PATH };
  for (const name of BASICS) {
    const value = inherited[name];
    if (value !== undefined && value !== '') environment[name] = value;
  }
  return environment;
}

function ownVariables(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isReservedVariable(name)));
}
