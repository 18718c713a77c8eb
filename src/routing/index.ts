/**
 * A service's addresses on this node: in the kernel, leased, and announced by FRR's ospfd.
 *
 * Talks to FRR through VTY sessions and to the kernel through `ip`, in the network namespace that srrd runs in. Must not
 * know who owns a service, or why an alias goes up or down: it is told, and tells when it could not keep one.
 */

export { isWithin } from './address-blocks.js';
export { AliasManager, type AliasManagerOptions } from './alias-manager.js';
export { type AliasPort, aliasPort } from './alias-port.js';
export { type AliasRequest, aliasAddress, aliasInterface, ospfArea } from './alias-request.js';
export { commandKind, commandProblem, commandWithoutSecrets, MAX_COMMAND_LENGTH } from './console/command-rules.js';
export type { Completion } from './console/console-connection.js';
export { type Asker, ConsoleBusy } from './console/sessions.js';
export { type ConsoleDaemon, type ConsoleRun, VtyConsole } from './console/vty-console.js';
export { InterfaceConfiguration } from './interface-configuration.js';
export type { Leftovers } from './leftovers.js';
export { interfaceOf, readRunningConfig } from './running-config.js';
export { type FrrDaemon, VtyRefusal, VtyUnavailable } from './vty/answer.js';
export { vtyCommand } from './vty/commands.js';
export type { VtyAddress } from './vty/connection.js';
export { VtySession, type VtySessionOptions, vtyOpener } from './vty/persistent-session.js';
