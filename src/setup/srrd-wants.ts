import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Needs } from './frr/pieces.js';
import type { Look } from './look.js';
import type { YamlKey } from './srrd-file.js';
import type { Wishes } from './wishes.js';

/** A key or certificate that is made and not taken away again: others may know it by then. */
export interface Making {
  readonly what: string;
  /** Returns what to do with it; null: nothing. */
  readonly make: (now: Date) => Promise<string | null>;
}

export interface SrrdWants {
  readonly keys: readonly (YamlKey & { readonly check: string })[];
  readonly making: readonly Making[];
  readonly notes: readonly string[];
}

const WEB_PORT = 8443;

/** What srrd.yaml should say. */
export function srrdWants(look: Look, wishes: Wishes, needs: Needs): SrrdWants {
  const { configuration, findings } = look;
  const name = wishes.name ?? configuration.node.name;
  const isNew = !existsSync(look.configFile);
  const named = (isNew || wishes.name !== null) && (isNew || name !== configuration.node.name);
  const isolation = findings.some(({ check, level }) => check === 'isolation' && level !== 'fine');
  const web = webWants(look, wishes, needs, name);
  const trust = trustWants(look, wishes, needs, name);
  return {
    keys: [
      ...(named ? [{ check: 'name', path: ['node', 'name'], value: name }] : []),
      ...web.keys,
      ...trust.keys,
      ...(isolation ? [{ check: 'isolation', path: ['onIsolation'], value: 'keep' }] : []),
    ],
    making: [...web.making, ...trust.making],
    notes: web.notes,
  };
}

const NOTHING: SrrdWants = { keys: [], making: [], notes: [] };

/** Pages and the other nodes' srrctl need certificates (docs/pki.md). */
function webWants({ configuration }: Look, { pki, authority }: Wishes, { interfaces }: Needs, name: string): SrrdWants {
  const addresses = interfaces.flatMap((one) => one.addresses);
  const [address] = addresses;
  if (configuration.web !== null || address === undefined) return NOTHING;
  const [certificate, key] = ['crt', 'key'].map((ending) => join(pki, 'server', `${name}.${ending}`));
  const ca = join(pki, 'ca.crt');
  if (certificate === undefined || key === undefined) return NOTHING;
  const there = existsSync(certificate) && existsSync(key) && existsSync(ca);
  const hasAuthority = existsSync(join(pki, 'ca.key'));
  if (!there && !hasAuthority && !authority) {
    const note = `No certificates in ${pki}, so no pages: --authority on one node makes them, docs/pki.md says which go to the others.`;
    return { ...NOTHING, notes: [note] };
  }
  const cluster = existsSync(ca) ? organisationOf(ca) : configuration.cluster;
  const roles = ['admin', 'operator', 'viewer'].map((role) => ({ subject: `OU=${role},O=${cluster}`, role }));
  const crl = [join(pki, 'crl.pem')].filter((file) => !there || existsSync(file));
  const tls = { cert: certificate, key, ca: [ca], ...(crl.length === 0 ? {} : { crl }) };
  const web = { listen: `0.0.0.0:${WEB_PORT}`, advertise: `${address}:${WEB_PORT}`, tls, access: roles };
  return {
    keys: [{ check: 'web', path: ['web'], value: web }],
    making: [
      ...(hasAuthority || there ? [] : [authorityIn(pki, configuration.cluster)]),
      ...(there ? [] : [serverIn(pki, name, addresses)]),
    ],
    notes: [],
  };
}

/** Not at the start of the file: it loads node-forge. */
const pkiMaking = () => import('../pki/making.js');

function authorityIn(directory: string, cluster: string): Making {
  return {
    what: `the cluster's authority in ${directory}`,
    make: async (now) => {
      const { AUTHORITY_DAYS, initAuthority } = await pkiMaking();
      await initAuthority({ directory, cluster, days: AUTHORITY_DAYS, now });
      return `Whoever has ${directory}/ca.key can let anybody in: keep it on this machine, and back it up.`;
    },
  };
}

function serverIn(directory: string, name: string, addresses: readonly string[]): Making {
  return {
    what: `the certificate of ${name} for ${addresses.join(', ')} in ${directory}/server`,
    make: async (now) => {
      const { issueServer, SERVER_DAYS } = await pkiMaking();
      await issueServer({ directory, name, addresses, days: SERVER_DAYS, force: false, now });
      return null;
    },
  };
}

/** Until all nodes have the keys of all others, `require` would silence some (docs/trust.md). */
function trustWants({ configuration }: Look, { sign }: Wishes, { routerId }: Needs, name: string): SrrdWants {
  if (!sign) return NOTHING;
  const { trustDir, trust } = configuration;
  const make = async () => {
    const { initTrust } = await import('../trust/index.js');
    const { line } = initTrust(trustDir, routerId, name);
    return `On every other node: srrctl trust add ${line}`;
  };
  const making = existsSync(join(trustDir, 'node.key'))
    ? []
    : [{ what: `this node's key in ${trustDir}, for ${routerId}`, make }];
  return { keys: trust === 'off' ? [{ check: 'trust', path: ['trust'], value: 'sign' }] : [], making, notes: [] };
}

/** As a rule in `web.access` takes it. */
function organisationOf(file: string): string {
  const { subject } = new X509Certificate(readFileSync(file));
  return (/^O=(.*)$/m.exec(subject)?.[1] ?? 'default').replace(/[,+"\\<>;]/g, '\\$&');
}
