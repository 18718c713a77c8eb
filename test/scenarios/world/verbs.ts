import { COMMANDS, type CommandName, type Role } from '../../../src/tables/index.js';
import { definitionFrom } from './definitions.js';
import { announced, events, explain, show, simulate } from './looking.js';
import type { Machine } from './machine.js';
import { durationMs, splitAt, splitOptions, unquoted } from './options.js';
import type { Story } from './story.js';

type Verb = (story: Story, words: readonly string[], line: string) => void;

/** Carries out one line of a story. Throws an Error that names the line if it is not understood. */
export function execute(story: Story, verb: string, words: readonly string[], line: string): void {
  const known = VERBS.get(verb) ?? (verb in COMMANDS.service ? command(verb as CommandName) : undefined);
  if (known === undefined) throw notUnderstood(line);
  known(story, words, line);
}

/** What happens to whole machines. */
const MACHINE_VERBS: readonly (readonly [verb: string, happen: (machine: Machine) => void])[] = [
  ['crash', (machine) => machine.crash()],
  ['boot', (machine) => machine.boot()],
  ['kill', (machine) => machine.killDaemon()],
  ['launch', (machine) => machine.startDaemon()],
  ['forget', (machine) => machine.loseStateDirectory()],
  ['freeze', (machine) => machine.freeze()],
  ['thaw', (machine) => machine.thaw()],
  ['shutdown', (machine) => machine.handle({ type: 'shutdown' })],
];

const VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ...MACHINE_VERBS.map(([verb, happen]): [string, Verb] => [verb, (story, words) => each(story, words, happen)]),
  ['node', addNodes],
  ['router', (story, words) => story.addRouters(words)],
  ['configure', configure],
  ['remove', remove],
  ['run', (story, words, line) => story.clock.run(durationMs(words[0] ?? '', line))],
  ['environment', (story, [where = 'all']) => story.where(where).forEach(tellEnvironment)],
  ['ospfd', ospfd],
  ['alias', alias],
  ['route', route],
  ['primitive', primitive],
  ['process', processEnds],
  ['clock', clock],
  ['cut', (story, words) => story.network.partition([story.names().filter((name) => name !== words[0])])],
  ['partition', (story, words) => story.network.partition(splitAt(words, '|'))],
  ['heal', (story) => story.network.heal()],
  ['hold', (story, [from = '', , to = '']) => story.network.hold(from, to)],
  ['deliver', deliver],
  ['expire', (story, [service = '', , name = '']) => story.network.deletePrevious(name, service)],
  ['delete', (story, [service = '', , name = '']) => story.network.deletePresent(name, service)],
  ['group', groupCommand],
  ['confirm', confirmStopped],
  ['standby', nodeCommand('node-standby')],
  ['unstandby', nodeCommand('node-unstandby')],
  ['age', (story, [name = '']) => story.network.ageOut(name)],
  ['simulate', simulate],
  ['explain', explain],
  ['announced', announced],
  ['events', events],
  ['show', show],
]);

function tellEnvironment(machine: Machine): void {
  machine.tellsEnvironment = true;
}

function each(story: Story, words: readonly string[], happen: (machine: Machine) => void): void {
  for (const machine of words.flatMap((word) => story.where(word))) happen(machine);
}

/** `node A B onIsolation=keep` */
function addNodes(story: Story, words: readonly string[]): void {
  const { names, options } = splitOptions(words);
  for (const name of names) story.addMachine(name, options);
  for (const name of names) story.machine(name).startDaemon();
}

/** `configure WEB on A,B key=value …` */
function configure(story: Story, [service = '', , where = 'all', ...options]: readonly string[]): void {
  for (const machine of story.where(where)) {
    machine.definitions.set(service, definitionFrom(service, options));
    machine.handle({ type: 'configure', definitions: [...machine.definitions.values()] });
  }
}

/** `remove WEB on A` */
function remove(story: Story, [service = '', , where = 'all']: readonly string[]): void {
  for (const machine of story.where(where)) {
    machine.definitions.delete(service);
    machine.handle({ type: 'configure', definitions: [...machine.definitions.values()] });
  }
}

/** `ospfd dies on A`, `ospfd returns on A`, `ospfd clears on A`, `ospfd refuses WEB on A "reason"`, `ospfd accepts WEB on A` */
function ospfd(story: Story, words: readonly string[], line: string): void {
  const [what, ...rest] = words;
  const [service = '', , name, reason = ''] = what === 'refuses' || what === 'accepts' ? rest : ['', ...rest];
  const machine = story.machine(name);
  switch (what) {
    case 'dies':
      story.network.setUp(machine.name, false);
      return machine.handle({ type: 'disconnected', reason: 'connection closed' });
    case 'clears':
      return story.network.clear(machine.name);
    case 'returns':
      story.network.setUp(machine.name, true);
      return machine.reconnect();
    case 'refuses':
      machine.refused.set(service, unquoted(reason));
      return;
    case 'accepts':
      machine.refused.delete(service);
      return;
    default:
      throw notUnderstood(line);
  }
}

/** `alias WEB on A lost "reason"`, `… fails "reason"`, `… works` */
function alias(story: Story, [service = '', , where = '', what, reason = '']: readonly string[], line: string): void {
  for (const machine of story.where(where)) {
    if (what === 'lost') machine.aliases.lose(service, unquoted(reason));
    else if (what === 'fails')
      machine.behaviours.set(`${service} alias`, { result: 'fails', durationMs: 1, reason: unquoted(reason) });
    else if (what === 'works') machine.behaviours.delete(`${service} alias`);
    else throw notUnderstood(line);
  }
}

/** `route 192.0.2.1 on A withheld`, `route 192.0.2.1 on A announced` */
function route(story: Story, [address = '', , name = '', what]: readonly string[], line: string): void {
  if (what !== 'withheld' && what !== 'announced') throw notUnderstood(line);
  story.network.withhold(name, address, what === 'withheld');
}

/** `primitive WEB start on A fails "reason" [once]`, `… hangs`, `… recalls`, `… takes 3s`, `… prints "text"`, `… succeeds` */
function primitive(story: Story, words: readonly string[], line: string): void {
  const [service, name, , where = 'all', result = '', detail = '', often = ''] = words;
  const known = ['succeeds', 'fails', 'hangs', 'recalls', 'takes', 'prints'] as const;
  const chosen = known.find((word) => word === result);
  if (chosen === undefined) throw notUnderstood(line);
  const once = often === 'once' || detail === 'once';
  const behaviour =
    chosen === 'takes'
      ? ({ result: 'succeeds', durationMs: durationMs(detail, line), reason: '', once } as const)
      : ({ result: chosen === 'prints' ? 'succeeds' : chosen, durationMs: 5, reason: unquoted(detail), once } as const);
  for (const machine of story.where(where)) machine.behaviours.set(`${service} ${name}`, behaviour);
}

/** `process WEB on B ends`: what runs there ends, by itself or by hand. Nobody is told; its watch, if it has one, sees it. */
function processEnds(story: Story, [service = '', , where = '', what]: readonly string[], line: string): void {
  if (what !== 'ends') throw notUnderstood(line);
  for (const machine of story.where(where)) machine.processes.end(service);
}

/** `deliver B to A`, `deliver B to A daemon` */
function deliver(story: Story, [from = '', , to = '', kind]: readonly string[], line: string): void {
  if (kind !== undefined && kind !== 'daemon') throw notUnderstood(line);
  story.network.deliver(from, to, kind);
}

/** `clock B back 60m`: its wall clock is wrong by so much. */
function clock(story: Story, [name, direction, duration = '']: readonly string[], line: string): void {
  if (direction !== 'back' && direction !== 'forward') throw notUnderstood(line);
  const seconds = durationMs(duration, line) / 1000;
  story.machine(name).clockErrorSeconds += direction === 'back' ? -seconds : seconds;
}

/** `move WEB to B from C pin`, `check WEB on B from A as admin`, `stop WEB on A`, … : a command for the node after `on`/`to`, given to the one after `from`. */
function command(name: CommandName): Verb {
  return (story, words, line) => {
    const [service = '', preposition = '', target = '', ...rest] = words;
    if (preposition !== 'on' && preposition !== 'to') throw notUnderstood(line);
    const from = rest.includes('from') ? rest[rest.indexOf('from') + 1] : target;
    const role = rest.includes('as') ? (rest[rest.indexOf('as') + 1] as Role) : 'operator';
    story.machine(from).command(name, service, story.machine(target).id, { pin: rest.includes('pin'), role });
  };
}

/** `group move SHOP to B from C pin`, `group stop SHOP on A`, … */
function groupCommand(story: Story, [name = '', ...words]: readonly string[], line: string): void {
  command(`group-${name}` as CommandName)(story, words, line);
}

/** `confirm DISK stopped on C at A`: an operator has made sure, and says so to A. */
function confirmStopped(story: Story, words: readonly string[], line: string): void {
  const [service = '', stopped, , holder, , at] = words;
  if (stopped !== 'stopped') throw notUnderstood(line);
  story.machine(at).command('confirm-stopped', service, null, { holder: story.machine(holder).id });
}

/** `standby A`, `standby A from B` */
function nodeCommand(name: CommandName): Verb {
  return (story, [target, , from = target]) => {
    story.machine(from).command(name, '', story.machine(target).id);
  };
}

function notUnderstood(line: string): Error {
  return new Error(`not understood: ${line} (docs/scenarios.md has the words)`);
}
