/**
 * Files: those of others, which may lie on a file system that hangs, and our own, which must outlive a crash.
 *
 * Of others nothing blocks the daemon, nor one of the few threads that Node has for files: what may hang is done in a child
 * process, which is given up after a limit. Our own are written atomically, in a folder that is locked. It must not know
 * what is in the files.
 */
export { FileWatch } from './file-watch.js';
export { type FileReading, ForeignFiles } from './foreign-files.js';
export {
  type FileOwner,
  type JsonReading,
  overwriteJson,
  readJson,
  syncFolder,
  writeAtomically,
  writeJsonAtomically,
  writeJsonSafely,
} from './json-file.js';
export { lockStateDir, StateDirLockedError, type StateLock } from './lock.js';
export { onDiskOf } from './mounts.js';
export { openToOthers } from './open-to-others.js';
export { type ReadFile, readRegularFile } from './read-file.js';
export { type LookAt, type Step, stepAt, stepsOf } from './step.js';
export { systemErrorText } from './system-error.js';
