import type { Command } from 'commander';
import type { StatusDocument } from '../http/index.js';
import { type Context, getStatus } from './context.js';
import { printable } from './printable.js';
import { describeTrust } from './trust-table.js';

/** Not at the start of the file: it loads what other commands do without. */
const files = () => import('../trust/index.js');

const DEFAULT_FOLDER = '/etc/srrd/trust';

const HELP = `
Each node has a key of its own (node.key, which never leaves it) and the list of the public keys of all nodes
(nodes.pub, the same on all). With trust: sign or require in srrd.yaml a node signs what it announces; with require it
believes nothing that is not signed. What is changed here takes effect with systemctl reload srrd (docs/trust.md).

Examples:
  srrctl trust init --router-id 10.0.0.1 --note alpha
  srrctl trust add 10.0.0.2 ed25519 GEUqVjWkM4CGbm2JDR6Y6DlmwH0Ef2lH5lqYdXHPs0M= beta
  srrctl trust status
`;

interface FolderOption {
  readonly dir: string;
}

export function addTrust(context: Context): void {
  const trust = context.program
    .command('trust')
    .description('make and change the keys by which nodes prove what they announce')
    .addHelpText('after', HELP);
  const command = (name: string, summary: string) =>
    trust.command(name).description(summary).option('--dir <folder>', 'the folder of the keys', DEFAULT_FOLDER);
  addInit(command('init', "make this node's key, and put it on the list"), context);
  addAdd(command('add', "put another node's key on the list"), context);
  addRemove(command('remove', 'take a key off the list'), context);
  addRotate(command('rotate', "change this node's key without an outage"), context);
  addStatus(command('status', 'show keys, who signs, and whose words were not believed'), context);
}

function addInit(command: Command, { output }: Context): void {
  command
    .requiredOption('--router-id <id>', 'the router ID of this node in OSPF')
    .option('--note <text>', 'for people: the name of the node', '')
    .addHelpText('after', example('srrctl trust init --router-id 10.0.0.1 --note alpha'))
    .action(async ({ dir, routerId, note }: FolderOption & { routerId: string; note: string }) => {
      const { initTrust } = await files();
      const { file, line } = initTrust(dir, routerId, note);
      output.out(
        `${file} is the key of this node: nobody else may have it. On the list of every other node belongs:\n\n` +
          printable(`  srrctl trust add ${line}\n`),
      );
    });
}

function addAdd(command: Command, { output }: Context): void {
  command
    .argument('<line...>', 'router ID, ed25519, key, note: as srrctl trust init shows it on that node')
    .addHelpText(
      'after',
      example('srrctl trust add 10.0.0.2 ed25519 GEUqVjWkM4CGbm2JDR6Y6DlmwH0Ef2lH5lqYdXHPs0M= beta'),
    )
    .action(async (words: readonly string[], { dir }: FolderOption) => {
      const { addKey } = await files();
      output.out(printable(`${addKey(dir, words.join(' '))}\n${RELOAD}`));
    });
}

function addRemove(command: Command, { output }: Context): void {
  command
    .argument('<key-id>', '16 hexadecimal digits, as srrctl trust status shows them')
    .addHelpText('after', example('srrctl trust remove 3f2a77c01b9e4d58'))
    .action(async (keyId: string, { dir }: FolderOption) => {
      const { removeKey } = await files();
      output.out(printable(`${removeKey(dir, keyId)}\n${RELOAD}`));
    });
}

function addRotate(command: Command, { output }: Context): void {
  command
    .option('--finish', 'sign with the new key: all nodes have the new list')
    .addHelpText('after', `\nExample:\n  srrctl trust rotate\n  srrctl trust rotate --finish\n`)
    .action(async ({ dir, finish }: FolderOption & { finish?: true }) => {
      const { beginRotation, finishRotation } = await files();
      if (finish) {
        const { keyId, before } = finishRotation(dir);
        output.out(
          `This node signs with ${keyId} after a reload. When it does (srrctl trust status), take the old key off the list\n` +
            `of every node: srrctl trust remove ${before}\n${RELOAD}`,
        );
        return;
      }
      const { line } = beginRotation(dir);
      output.out(
        `There is a new key. This node signs with the old one until srrctl trust rotate --finish. First, on every other node:\n\n` +
          printable(`  srrctl trust add ${line}\n\n${RELOAD}`),
      );
    });
}

function addStatus(command: Command, context: Context): void {
  command
    .option('--json', 'for programs')
    .addHelpText('after', example('srrctl trust status'))
    .action(async ({ dir, json }: FolderOption & { json?: true }) => {
      const { folderStatus } = await files();
      const keys = folderStatus(dir);
      const status = await running(context);
      const shown = { keys, running: status?.process.trust ?? null };
      context.output.out(json ? `${JSON.stringify(shown, null, 2)}\n` : printable(describeTrust(shown)));
    });
}

/** The keys can be looked at without a daemon. */
async function running(context: Context): Promise<StatusDocument | null> {
  try {
    return await getStatus(context);
  } catch {
    return null;
  }
}

const RELOAD = 'It takes effect with: systemctl reload srrd\n';

function example(line: string): string {
  return `\nExample:\n  ${line}\n`;
}
