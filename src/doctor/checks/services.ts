import { type DefinitionError, definitionWarnings } from '../../config/index.js';
import { differingKeys } from '../../model/index.js';
import type { Facts, SeenReplica } from '../facts.js';
import { broken, change, type Finding, fine, ROOT_SHELL, remedy } from '../finding.js';

/** Definitions that srrd does not take. */
export function checkDefinitions({ definitions }: Facts): Finding[] {
  if (!definitions.known) return [];
  const { accepted, errors } = definitions.value;
  const warnings = definitionWarnings(accepted).map(({ service, key, message }) =>
    change('definitions', `${service}: ${key}: ${message}.`),
  );
  if (errors.length > 0) return [...errors.map(errorFinding), ...warnings];
  if (warnings.length > 0) return warnings;
  const count = accepted.length === 1 ? 'One service is' : `${accepted.length} services are`;
  return [fine('definitions', `${count} defined, and nothing is wrong with that.`)];
}

function errorFinding({ file, message, missing }: DefinitionError): Finding {
  const text = `${file}: ${message}. srrd leaves this service out.`;
  if (missing === undefined) return broken('definitions', text);
  const lines = missing.targets.map((primitive) => `${primitive}: ;`);
  return broken(
    'makefile',
    text,
    remedy(`${missing.makefile} (empty ones; docs/service-makefile.md says what each should do)`, ...lines),
  );
}

/** Definitions that are not the same on all nodes. */
export function checkAgreement(facts: Facts): Finding[] {
  const { announcements, definitions, instance, configuration } = facts;
  if (!announcements.known || !definitions.known || !instance.known || !configuration.known) return [];
  const self = instance.value?.routerId;
  const { stateDir } = configuration.value;
  const findings = definitions.value.accepted.flatMap((ours) => {
    const replicas = announcements.value.filter(({ announcement }) => announcement.definition.name === ours.name);
    return replicas.flatMap((replica): Finding[] => {
      const { origin, announcement } = replica;
      if (announcement.definitionHash === ours.hash) return [];
      if (origin === self) return [notRead(ours.name)];
      const keys = differingKeys(ours, announcement.definition);
      const copy = remedy(
        ROOT_SHELL,
        `scp ${stateDir}/services/${ours.name}.yaml root@${origin}:${stateDir}/services/`,
      );
      if (keys.length === 0) {
        const text = `${ours.name} is defined differently here and on ${origin}, in the definition or in its Makefile. Both count, and behave differently.`;
        return [
          change(
            'definition-differs',
            text,
            copy,
            remedy(ROOT_SHELL, `scp ${ours.makefile} root@${origin}:${ours.makefile}`),
          ),
        ];
      }
      const text = `${ours.name} differs here and on ${origin} in ${keys.join(', ')}, which must be the same: one of the two replicas does not count.`;
      return [broken('definition-conflict', text, copy)];
    });
  });
  if (findings.length > 0) return findings;
  return [fine('definition-differs', 'What the nodes announce of their services agrees with the definitions here.')];
}

function notRead(name: string): Finding {
  const text = `The definition or the Makefile of ${name} is not the one that srrd announces: it was not told to read it, or the change waits until the service is deactivated here.`;
  const deactivate = `srrctl service deactivate ${name} && srrctl service activate ${name}`;
  return change(
    'definition-not-read',
    text,
    remedy(ROOT_SHELL, 'systemctl reload srrd'),
    remedy(`${ROOT_SHELL}, if that is not enough; the service moves to another node`, deactivate),
  );
}

/** Announcements from another OSPF area: shown by srrd, not used. */
export function checkForeign({ announcements, lsdb }: Facts): Finding[] {
  if (!announcements.known || !lsdb.known) return [];
  const routers = new Set(lsdb.value.filter(({ type }) => type === 'Router').map((lsa) => lsa.advertisingRouter));
  const foreign = announcements.value.filter(({ origin }) => !routers.has(origin));
  const origins = [...new Set(foreign.map(({ origin }) => origin))];
  if (origins.length === 0) return [fine('foreign', 'All nodes of the cluster are in the OSPF area of this one.')];
  return origins.map((origin) => foreignFinding(origin, foreign));
}

function foreignFinding(origin: string, foreign: readonly SeenReplica[]): Finding {
  const services = foreign
    .filter((one) => one.origin === origin)
    .map(({ announcement }) => announcement.definition.name);
  const text = `${origin} announces ${services.join(', ')} from another OSPF area. A cluster lives in one area: neither side takes over from the other, and both may own the service. Put both nodes into one area, or give them different clusters.`;
  return broken(
    'foreign',
    text,
    remedy('srrd.yaml of the nodes over there, if that is another cluster', 'cluster: ANOTHER-NAME'),
  );
}
