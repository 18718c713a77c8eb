/**
 * The definition files of this node: which definitions are in force, and how operators change them.
 *
 * It decides which edit is taken and what an edit touches. It must not know who asked over which interface, nor what the core makes
 * of a definition: that it is told.
 */
export { DefinitionEditor } from './editor.js';
export { DefinitionReader } from './reader.js';
export { writeEnabled } from './write-enabled.js';
