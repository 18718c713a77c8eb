import { type Context, described, get, type JsonOption, show } from '../context.js';

interface SessionDocument {
  readonly user: string;
  readonly role: string;
  readonly via: string;
  readonly node: { readonly routerId: string | null; readonly name: string };
  readonly version: string;
}

export function addSession(context: Context): void {
  const command = context.program.command('session');
  described(command, 'show who you are to this node, and what you may do', 'srrctl session').action(
    async (options: JsonOption) =>
      show(context, options, await get<SessionDocument>(context, '/session'), ({ user, role, via, node, version }) =>
        [
          `node     ${node.name} (${node.routerId ?? 'router ID not known yet'})`,
          `version  srrd ${version}`,
          `you are  ${user}, by ${via}`,
          `role     ${role}`,
        ].join('\n'),
      ),
  );
}
