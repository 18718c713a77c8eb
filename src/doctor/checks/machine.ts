import type { Facts } from '../facts.js';
import { broken, change, type Finding, fine, ROOT_SHELL, remedy } from '../finding.js';

const SYSCTL = '/etc/sysctl.d/srrd.conf, then sysctl --system';
/** Linux, Documentation/networking/ip-sysctl: 1 is RFC 3704's strict, 2 its loose reverse path. */
const STRICT = 1;

const PACKAGES: Readonly<Record<string, string>> = { ip: 'iproute2', make: 'make' };
const USED_FOR: Readonly<Record<string, string>> = {
  ip: 'srrd puts addresses up with it',
  make: 'srrd starts and stops services with it',
};

export function checkPrograms({ programs }: Facts): Finding[] {
  if (!programs.known) return [];
  const { missing, path } = programs.value;
  if (missing.length === 0) return [fine('programs', 'ip and make are there.')];
  return missing.map((name) =>
    broken(
      'programs',
      `There is no ${name} in ${path}: ${USED_FOR[name]}.`,
      remedy(ROOT_SHELL, `apt-get install ${PACKAGES[name]}`),
    ),
  );
}

/** A node with one link forwards nothing: its aliases are its own. */
export function checkForwarding({ kernel, interfaces, ospfConfiguration }: Facts): Finding[] {
  if (!kernel.known || !interfaces.known || !ospfConfiguration.known) return [];
  const links = interfaces.value.filter(({ passive }) => !passive);
  const isStub = ospfConfiguration.value.routerLines.some((line) =>
    line.startsWith('max-metric router-lsa administrative'),
  );
  if (kernel.value.forwards || links.length < 2 || isStub)
    return [fine('forwarding', 'Packets that are routed here get on.')];
  const names = links.map(({ name }) => name).join(' and ');
  const text = `OSPF routes packets through this node, between ${names}, but the kernel does not forward: they vanish here.`;
  return [
    broken('forwarding', text, remedy(SYSCTL, 'net.ipv4.ip_forward = 1'), {
      ...remedy('', 'router ospf', ' max-metric router-lsa administrative', 'exit'),
      where: 'or, if this node is to forward nothing, /etc/frr/frr.conf',
    }),
  ];
}

export function checkReversePath({ kernel, interfaces }: Facts): Finding[] {
  if (!kernel.known || !interfaces.known) return [];
  const filter = kernel.value.reversePathFilter;
  const strict = interfaces.value.filter(({ name }) => filter.get(name) === STRICT).map(({ name }) => name);
  if (strict.length === 0) return [fine('rp-filter', 'The kernel takes packets whichever way they come.')];
  const text = `The kernel drops packets on ${strict.join(', ')} that it would answer over another interface (rp_filter 1). While routes move, ways there and back differ.`;
  const lines = ['net.ipv4.conf.all.rp_filter = 0', ...strict.map((name) => `net.ipv4.conf.${name}.rp_filter = 2`)];
  return [change('rp-filter', text, remedy(SYSCTL, ...lines))];
}

/** srrd 0.1.0 was written in 2026; a machine without a battery begins in 1970. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);

/** Elections do not use the clock. What people read does, and the epoch after a loss of the state directory. */
export function checkClock({ clock }: Facts): Finding[] {
  if (!clock.known) return [];
  const { nowMs, synchronised } = clock.value;
  const install = remedy(ROOT_SHELL, 'apt-get install systemd-timesyncd', 'timedatectl set-ntp true');
  if (nowMs < EARLIEST_MS) {
    const text = `The clock says ${new Date(nowMs).toISOString()}. A node that loses its state directory orders its announcements by the clock.`;
    return [change('clock', text, install)];
  }
  if (synchronised) return [fine('clock', 'The clock is synchronised.')];
  return [
    change(
      'clock',
      "The clock is not synchronised: times of checks and logs cannot be compared with other nodes'.",
      install,
    ),
  ];
}
