import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import { run } from './command.js';

export type Role = 'viewer' | 'operator' | 'admin';

/** What a person has, as paths. */
export interface Holder {
  readonly cert: string;
  readonly key: string;
  readonly pkcs12: string;
  readonly password: string;
}

/** A certificate authority that `srrctl pki` has made. One thing at a time: it locks its folder. */
export interface Pki {
  readonly directory: string;
  readonly ca: string;
  /** `web.tls` and `web.access` of a new node that is found at these addresses; without `web.tls.crl`. */
  server(name: string, addresses: readonly string[]): Promise<WebAccess>;
  client(name: string, role: Role): Promise<Holder>;
  revoke(name: string): Promise<void>;
}

export interface WebAccess {
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: readonly string[] };
  readonly access: readonly { readonly subject: string; readonly role: Role }[];
}

export async function createPki(directory: string): Promise<Pki> {
  const pki = async (...args: string[]): Promise<string> => {
    const command = [join(CHECKOUT, 'bin', 'srrctl'), 'pki', ...args, '--dir', directory];
    return (await run(command, { timeoutMs: 60_000 })).stdout;
  };
  const files = (use: 'server' | 'client', name: string) => ({
    cert: join(directory, use, `${name}.crt`),
    key: join(directory, use, `${name}.key`),
  });
  const ca = join(directory, 'ca.crt');
  await pki('init');
  return {
    directory,
    ca,
    server: async (name, addresses) => {
      await pki('server', name, ...addresses);
      return { tls: { ...files('server', name), ca: [ca] }, access: ACCESS };
    },
    client: async (name, role) => {
      const said = await pki('client', name, '--role', role);
      const password = /its password +(\S+)/.exec(said)?.[1];
      if (password === undefined) throw new Error(`srrctl pki client told no password: ${said}`);
      return { ...files('client', name), pkcs12: join(directory, 'client', `${name}.p12`), password };
    },
    revoke: async (name) => {
      await pki('revoke', name);
    },
  };
}

const ACCESS = (['viewer', 'operator', 'admin'] as const).map((role) => ({ subject: `OU=${role}`, role }));
