import type { Facts, SavedLine } from '../facts.js';
import { broken, change, type Finding, fine, remedy } from '../finding.js';

/** Addresses of services in FRR's own configuration: FRR would put them up or announce them, whoever owns the service. */
export function checkAliases({ definitions, savedLines, configuredAddresses }: Facts): Finding[] {
  if (!definitions.known) return [];
  const { serviceOf } = definitions.value;
  const saved = savedLines.known ? savedLines.value.filter(({ address }) => serviceOf.has(address)) : [];
  const running = configuredAddresses.known
    ? configuredAddresses.value.filter((address) => serviceOf.has(address))
    : [];
  const findings = [
    ...saved.map((line) => savedFinding(line, serviceOf.get(line.address) ?? '')),
    ...[...new Set(running)].map((address) => runningFinding(address, serviceOf.get(address) ?? '')),
  ];
  if (findings.length > 0) return findings;
  return [fine('alias-saved', "FRR's own configuration has no address of a service.")];
}

function savedFinding({ file, lineNumber, text, address, kind }: SavedLine, service: string): Finding {
  const take = remedy(`${file}, line ${lineNumber}: remove`, text);
  if (kind === 'address') {
    const why = `FRR puts ${address} of ${service} up at its next start, without a lease, whoever owns the service.`;
    return broken('alias-saved', why, take);
  }
  const why = `FRR's file announces ${address} of ${service}: somebody saved it while the service was up (write memory). srrd takes it back after each start of FRR; do not leave it to that.`;
  return change('alias-saved', why, take);
}

function runningFinding(address: string, service: string): Finding {
  const text = `FRR has ${address} of ${service} in its configuration. srrd refuses to put it up, and FRR would, whoever owns the service.`;
  return broken(
    'alias-configured',
    text,
    remedy(
      'vtysh',
      'configure terminal',
      'interface THE-INTERFACE',
      `no ip address ${address}/32`,
      'end',
      'write memory',
    ),
  );
}
