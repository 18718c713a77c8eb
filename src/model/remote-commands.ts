import type { RemoteCommandName } from '../tables/index.js';

/** All commands, none, or these. */
export type Permitted = boolean | readonly RemoteCommandName[];

/** Which commands of other nodes are carried out here. Where the roles differ, admins may do what operators may, too. */
export type RemoteCommandRules = Permitted | { readonly operator: Permitted; readonly admin: Permitted };
