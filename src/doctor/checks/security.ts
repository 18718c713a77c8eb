import type { Facts, OspfInterface } from '../facts.js';
import { broken, change, type Finding, FRR_CONF, FRR_DAEMONS, fine, inInterface, remedy } from '../finding.js';
import { inputChain, localPorts, outputChain, tableOf, VTY_PORTS } from '../nftables-rules.js';
import { listensToOthers } from './frr.js';

/** Whoever opens a connection to the API can end ospfd with one message (docs/frr-setup.md, section 4). */
export function checkApiClosed({ configuration, listening, firewall }: Facts): Finding[] {
  if (!configuration.known || !listening.known || !firewall.known) return [];
  const { port } = configuration.value.ospf;
  if (!listensToOthers(listening.value, port)) {
    return [
      fine('api-open', `No other machine can open a connection to port ${port}: nothing listens for them there.`),
    ];
  }
  const reach = firewall.value.reaches(port);
  if (reach === 'none') return [fine('api-open', `Port ${port} is closed to other machines by nftables.`)];
  const rule = remedy('/etc/nftables.conf, then systemctl enable --now nftables', ...tableOf(inputChain(port)));
  if (reach === 'some') {
    const text = `Some other machines can open a connection to ospfd's API, port ${port}. It has no password, and one message ends ospfd.`;
    return [change('api-open', text, rule)];
  }
  const text = `Any machine can open a connection to ospfd's API, port ${port}, flood LSAs, and end ospfd with one message. It has no password.`;
  return [broken('api-open', text, rule)];
}

/** Whoever has an account here reaches what listens on the loopback address (docs/frr-setup.md, section 4). */
export function checkLocalUsers({ configuration, listening, firewall }: Facts): Finding[] {
  if (!configuration.known || !listening.known || !firewall.known) return [];
  const { port: apiPort } = configuration.value.ospf;
  const listens = localPorts(apiPort).filter((port) => listening.value.some((listener) => listener.port === port));
  const open = listens.filter((port) => firewall.value.reachesLocally(port) !== 'none');
  if (open.length === 0) {
    return [fine('local-open', "FRR's ports on the loopback address are closed to ordinary users of this machine.")];
  }
  const text = `Any user of this machine can open a connection to FRR, port ${open.join(', ')}: end ospfd, speak for this node, or try passwords.`;
  const rule = remedy('/etc/nftables.conf, then systemctl enable --now nftables', ...tableOf(outputChain(apiPort)));
  return [change('local-open', text, rule)];
}

export function checkVtyClosed({ listening, firewall }: Facts): Finding[] {
  if (!listening.known || !firewall.known) return [];
  const open = VTY_PORTS.filter(
    (port) => listensToOthers(listening.value, port) && firewall.value.reaches(port) !== 'none',
  );
  if (open.length === 0) return [fine('vty-open', "FRR's command lines are closed to other machines.")];
  const text = `Other machines can open a connection to FRR's command line, port ${open.join(', ')}. It has no encryption, and FRR does not limit attempts at its password.`;
  return [change('vty-open', text, remedy(FRR_DAEMONS, '-A 127.0.0.1 in the options of each daemon'))];
}

/** Without it, whoever is on the link can announce any address, or take part in the cluster. */
export function checkAuthentication({ interfaces, ospfConfiguration }: Facts): Finding[] {
  if (!interfaces.known || !ospfConfiguration.known) return [];
  const { interfaceLines, routerLines } = ospfConfiguration.value;
  return interfaces.value
    .filter(({ passive }) => !passive)
    .map((one) => authenticationOf(one, interfaceLines.get(one.name) ?? [], routerLines));
}

function authenticationOf(one: OspfInterface, lines: readonly string[], routerLines: readonly string[]): Finding {
  const remedies = inInterface(
    one.name,
    'ip ospf authentication message-digest',
    'ip ospf message-digest-key 1 md5 YOUR-KEY',
  );
  const own = lines.find((line) => line.startsWith('ip ospf authentication') && !line.includes('authentication-key'));
  const ofArea = routerLines.find((line) => line.startsWith(`area ${one.area} authentication`));
  const kind = own ?? ofArea;
  const where = { ...remedies, where: `${FRR_CONF}, on every router of the link` };
  if (kind === undefined || kind.endsWith(' null')) {
    const text = `OSPF on ${one.name} is not authenticated: whoever is on the link can announce any address, and speak for nodes of the cluster.`;
    return change('authentication', text, where);
  }
  const isDigest = kind.includes('message-digest') || kind.includes('key-chain');
  if (!isDigest) {
    const text = `OSPF on ${one.name} shows its password in every packet: whoever is on the link can read it.`;
    return change('authentication', text, where);
  }
  const hasKey = kind.includes('key-chain') || lines.some((line) => line.startsWith('ip ospf message-digest-key'));
  return hasKey
    ? fine('authentication', `OSPF on ${one.name} is authenticated.`)
    : change('authentication', `OSPF on ${one.name} is authenticated with an empty key, which is none.`, where);
}

const EXAMPLE = /^CHANGE-ME/;

/** Passwords that stand in the documentation are known to everybody. */
export function checkPasswords({ configuration, ospfConfiguration }: Facts): Finding[] {
  const ofVty = configuration.known
    ? Object.values(configuration.value.vty).filter((one) => typeof one === 'object')
    : [];
  const passwords = ofVty.flatMap((one) => (one.kind === 'tcp' ? [one.password, one.enablePassword] : []));
  const keys = ospfConfiguration.known ? [...ospfConfiguration.value.interfaceLines.values()].flat() : [];
  const words = keys.flatMap((line) => (/key/.test(line) ? (line.split(' ').at(-1) ?? '') : []));
  if (![...passwords, ...words].some((word) => EXAMPLE.test(word))) return [];
  const text = 'A password or key is the one that stands in the documentation (CHANGE-ME). Choose your own.';
  return [change('example-password', text)];
}

export function checkReadableSecrets({ readableSecrets }: Facts): Finding[] {
  if (!readableSecrets.known || readableSecrets.value === null) return [];
  return [change('readable-passwords', readableSecrets.value)];
}
