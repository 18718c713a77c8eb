import { formatRouterId } from '../../src/model/index.js';
import type { Machine } from './machine.js';
import type { Monitor } from './monitor.js';

/** Each machine in a few lines, for the end of a transcript. */
export function describeMachines(machines: readonly Machine[], monitor: Monitor): string[] {
  return machines.flatMap((machine) => [describeMachine(machine), ...describeReplicas(machine, monitor)]);
}

function describeMachine({ name, router, powered, engine, frozenSinceMs }: Machine): string {
  const daemon = engine === null ? 'no daemon' : `${engine.state.phase}${frozenSinceMs === null ? '' : ', frozen'}`;
  const ospfd = router.up ? 'ospfd up' : 'no ospfd';
  return `${name}: ${powered ? 'powered' : 'no power'}, ${ospfd}, ${daemon}, reaches ${router.reachable.size} routers`;
}

function describeReplicas(machine: Machine, monitor: Monitor): string[] {
  const { engine, calls, aliases } = machine;
  if (engine === null) return [...calls.running].map((name) => `  ${name} runs without a daemon`);
  const status = new Map(engine.status().services.map((service) => [service.name, service]));
  return [...engine.state.replicas.values()].map(({ definition, config, run, job }) => {
    const { name, group, kind, critical, dependsOn, preference } = definition;
    const service = status.get(name);
    const own = service?.replicas.find(({ routerId }) => routerId === engine.status().node.routerId);
    const said = monitor.announced.get(machine)?.services.get(name);
    const words = [
      `${config}/${run}`,
      kind,
      group === name ? '' : `of ${group}`,
      critical ? 'critical' : '',
      dependsOn.length > 0 ? `needs ${dependsOn.join('+')}` : '',
      `preference ${preference}`,
      `claim ${own?.claim ?? 0}`,
      own?.joining ? 'joining' : '',
      own?.standby ? 'standby' : '',
      said === undefined ? 'not announced' : said.runState === run ? '' : `announces ${said.runState}`,
      said?.assent ? `assents to ${formatRouterId(said.assent.owner)} ${said.assent.claim}` : '',
      calls.running.has(name) ? 'RUNS' : '',
      aliases.present.has(name) ? 'address up' : '',
      job === null ? '' : `${job.primitive} is running`,
      `elected ${service?.elected ?? 'nobody'}`,
      ...[...(engine.state.holders.get(name) ?? [])].map(
        ([id, { unreachableSinceMs }]) =>
          `holder ${formatRouterId(id)} ${unreachableSinceMs === null ? 'reachable' : 'unreachable'}`,
      ),
      own?.waitsFor ? `waits for ${own.waitsFor}` : '',
    ];
    return `  ${name}: ${words.filter(Boolean).join(', ')}`;
  });
}
