/**
 * The composition root: builds the modules, feeds events to the core one at a time, and carries out its effects.
 *
 * It decides nothing: what happens to a service is the core's, how a thing is done is the modules'.
 */
export { type ConfigurationCheck, checkConfiguration } from './check-configuration.js';
export { type RunOptions, runDaemon, WrongConfigurationError } from './run-daemon.js';
export { Signals } from './signals.js';
