import { type Command, Option } from 'commander';
import type { DaemonOptions } from './chosen-daemon.js';

/** What says which daemon is asked; before the command, or behind it where that has no option of the same name. */
export function daemonOptions(): Option[] {
  return [
    new Option('--socket <path>', "this machine's daemon: its UNIX socket (default: /run/srrd/srrd.sock)"),
    new Option('--node <name>', "another node's daemon, over the network: its name in the client file"),
    new Option('--url <url>', 'the same: https://HOST:PORT'),
    new Option('--client <file>', 'the client file (default: ~/.config/srrctl.yaml, or /etc/srrd/srrctl.yaml)'),
    new Option('--cert <file>', 'your certificate (PEM), instead of that of the client file'),
    new Option('--key <file>', 'its key (PEM)'),
    new Option('--ca <file>', 'the authorities (PEM) that nodes are certified by'),
  ];
}

/** Lets every command take these options too, without a word in its help. */
export function acceptBehind(command: Command): void {
  for (const inside of command.commands) acceptBehind(inside);
  if (command.parent === null || command.commands.length > 0) return;
  const taken = new Set(command.options.map(({ long }) => long));
  for (const option of daemonOptions()) if (!taken.has(option.long)) command.addOption(option.hideHelp());
}

/** Those that were given behind the command. */
export function optionsBehind(command: Command): DaemonOptions {
  const ours = command.options.filter(({ hidden }) => hidden).map((option) => option.attributeName());
  const given = Object.entries(command.opts()).filter(([name]) => ours.includes(name));
  return Object.fromEntries(given);
}

/** `service try`, as it is typed. */
export function pathOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

/** Whether it works on files of this machine alone. */
export function isLocal(command: Command): boolean {
  return /^(pki|trust|completion|setup|service try)\b/.test(pathOf(command));
}
