import type { DefinitionConflict } from '../cluster/index.js';
import type { ConfigState, RunState, ServiceDefinition } from '../model/index.js';
import type { DiskParts } from './on-disk.js';

export interface DefinitionEditorParts extends DiskParts {
  readonly nodeName: string;
  /** undefined: no such service on this node. */
  readonly replica: (name: string) => EditedReplica | undefined;
  readonly conflicts: (definition: ServiceDefinition) => readonly DefinitionConflict[];
  /** The files have changed: read them again, as on SIGHUP. */
  readonly reread: (operator: string) => Promise<void>;
  /** This one has been deleted by name: that it is gone is meant. */
  readonly forget: (name: string) => void;
}

/** What the core makes of a service here. */
export interface EditedReplica {
  readonly definition: ServiceDefinition;
  readonly config: ConfigState;
  readonly run: RunState;
  readonly job: { readonly primitive: string } | null;
}
