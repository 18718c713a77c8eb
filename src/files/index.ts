/**
 * Reading files that are not the daemon's own, and may lie on a file system that hangs.
 *
 * Nothing here blocks the daemon, nor one of the few threads that Node has for files: what may hang is done in a child
 * process, which is given up after a limit. It must not know what is in the files.
 */
export { FileWatch } from './file-watch.js';
export { type FileReading, ForeignFiles } from './foreign-files.js';
export { onDiskOf } from './mounts.js';
export { type LookAt, type Step, stepAt, stepsOf } from './step.js';
