import { CHECKS } from './checks/index.js';
import type { Fact, Facts } from './facts.js';
import { type Finding, LEVELS, type Level } from './finding.js';
import { gather, type Sources } from './gather/index.js';

/** What `srrctl doctor --json` prints (docs/doctor.md). */
export interface DoctorReport {
  /** The worst of the findings. */
  readonly level: Level;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** Looks at this node and judges it. Never throws. */
export async function examine(sources: Sources): Promise<DoctorReport> {
  return judge(await gather(sources));
}

/** The findings of all checks, and one for each reason why something could not be looked at. */
export function judge(facts: Facts): DoctorReport {
  const findings = [...notLookedAt(facts), ...CHECKS.flatMap((check) => check(facts))];
  const sorted = LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
  return { level: sorted[0]?.level ?? 'fine', findings: sorted };
}

/** `checkDaemon` speaks of the daemon itself. */
const CALLED: Readonly<Record<Exclude<keyof Facts, 'daemon'>, string>> = {
  configuration: "srrd's configuration",
  readableSecrets: "who may read srrd's configuration",
  definitions: 'the definitions of services',
  vty: "FRR's command lines",
  version: "FRR's version",
  ospfConfiguration: "ospfd's configuration",
  instance: "ospfd's timers",
  interfaces: "ospfd's interfaces",
  neighbours: "ospfd's neighbours",
  lsdb: "ospfd's LSDB",
  announcements: 'the announcements of the cluster',
  bfd: "bfdd's sessions",
  configuredAddresses: "the addresses in FRR's configuration",
  savedLines: "FRR's saved configuration",
  listening: 'the ports that are listened on',
  firewall: 'nftables',
  kernel: "the kernel's settings",
  programs: 'the programs that srrd needs',
  clock: 'the clock',
  certificates: 'the certificates of web.tls',
};

function notLookedAt(facts: Facts): Finding[] {
  return Object.entries(CALLED).flatMap(([name, called]): Finding[] => {
    const fact: Fact<unknown> = facts[name as keyof Facts];
    if (fact.known || fact.level === null) return [];
    return [
      { check: `unknown-${name}`, level: fact.level, text: `Not looked at: ${called}: ${fact.why}`, remedies: [] },
    ];
  });
}
