import { readQuestion } from '../../../src/cli/commands/simulation-question.js';
import type { ServiceStatus, WhatIf } from '../../../src/cluster/index.js';
import { lookUpNode } from '../../../src/daemon/node-lookup.js';
import { formatRouterId } from '../../../src/model/index.js';
import type { Machine } from './machine.js';
import type { Story } from './story.js';

/** What really runs where, and what each daemon says of its own replicas. */
export function show(story: Story): void {
  const machines = [...story.machines.values()];
  const services = new Set(machines.flatMap((machine) => [...machine.definitions.keys()]));
  for (const service of [...services].sort()) {
    const states = machines.map((machine) => `${machine.name} ${describe(machine, service)}`);
    story.say(`${service}: ${states.join(', ')}`);
  }
}

/** `explain A [WEB]`: what an operator reads in A's status, in words. */
export function explain(story: Story, [name, only]: readonly string[]): void {
  const status = story.machine(name).engine?.status();
  if (status === undefined) return story.say(`${name}: no daemon`);
  for (const service of status.services) {
    if (only !== undefined && service.name !== only) continue;
    story.say(`${service.name}: owner ${service.owner ?? 'nobody'}, elected ${service.elected ?? 'nobody'}`);
    for (const replica of service.replicas) {
      const node = status.nodes.find(({ routerId }) => routerId === replica.routerId);
      for (const line of describeReplica(replica, node?.standby ?? false)) story.say(`  ${line}`);
    }
  }
}

/** `events A`: what A's list of events has got since it was last read. */
export function events(story: Story, [name]: readonly string[]): void {
  const machine = story.machine(name);
  for (const { kind, node, service, operator, text } of machine.happenings) {
    const where = node === null ? 'here' : formatRouterId(node);
    const by = operator === null ? '' : ` (by ${operator})`;
    story.say(`${kind}: ${[where, service, text].filter((part) => part !== null).join(' ')}${by}`);
  }
  machine.happenings = [];
}

/** `announced DISK`: what each node floods of it. */
export function announced(story: Story, [service = '']: readonly string[]): void {
  for (const { name } of story.machines.values()) {
    const announcement = story.network.announced(name, service);
    if (announcement?.kind !== 'service') continue;
    const { runState, claim, joining, standby, assent } = announcement;
    const details = [
      claim > 0 ? `claim ${claim}` : '',
      joining ? 'joining' : '',
      standby ? 'standby' : '',
      assent === null ? '' : `agrees to ${formatRouterId(assent.owner)} with claim ${assent.claim}`,
    ];
    story.say(`${name}: ${[runState, ...details.filter(Boolean)].join(', ')}`);
  }
}

/** `simulate A lose B`: the question is put to A. */
export function simulate(story: Story, [name, ...words]: readonly string[]): void {
  const { engine } = story.machine(name);
  if (engine === null) return;
  const question = readQuestion(words.join(' '));
  if (typeof question === 'string') return story.say(question);
  const { service, group, change } = question;
  const node = lookUpNode(question.node, engine.statusHead().nodes);
  if ('problem' in node) return story.say(node.problem);
  const what = service === undefined ? { kind: 'group', group } : { kind: 'service', service };
  const named = service === undefined && group === undefined ? {} : { what };
  const answer = engine.simulate({ change, node: node.routerId, ...named } as WhatIf);
  if (typeof answer === 'string') return story.say(answer);
  for (const { group, before, after, members, refused } of answer) {
    const runs = members.length === 0 ? '' : `, running ${members.join(' ')}`;
    story.say(
      `${group}: ${before ?? 'nobody'} -> ${after ?? 'nobody'}${runs}${refused === null ? '' : `; refused: ${refused}`}`,
    );
  }
}

function describe(machine: Machine, service: string): string {
  const replica = machine.engine?.state.replicas.get(service);
  const runs = machine.processes.running.has(service) ? 'running' : '';
  const alias = machine.aliases.has(service) ? 'address up' : '';
  const unknown = machine.engine === null ? 'no daemon' : 'not configured';
  const state = replica === undefined ? unknown : `${replica.config}/${replica.run}`;
  const claim = machine.engine?.state.groups.get(replica?.definition.group ?? '')?.claim ?? 0;
  const details = [claim > 0 ? `claim ${claim}` : '', runs, alias].filter(Boolean).join(', ');
  return details === '' ? state : `${state} (${details})`;
}

function describeReplica(replica: ServiceStatus['replicas'][number], nodeStandby: boolean): string[] {
  const { routerId, config, state, failure, waitsFor, notCounted } = replica;
  const flags = (['standby', 'joining', 'pinned'] as const).filter((flag) => replica[flag]);
  return [
    `${routerId} ${[`${config}/${state}`, ...flags].join(' ')}${nodeStandby ? ', node on standby' : ''}`,
    ...(failure === null ? [] : [`  failed: ${failure.code}: ${failure.reason}`]),
    ...(waitsFor === null ? [] : [`  waits for ${waitsFor}`]),
    ...(notCounted === null ? [] : [`  does not count: ${notCounted}`]),
  ];
}
