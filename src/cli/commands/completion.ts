import { Argument, type Command } from 'commander';
import { knownNodes } from '../chosen-daemon.js';
import { type Context, getStatus } from '../context.js';

/** What a shell runs to learn the candidates: `srrctl __complete WORD...`, the last one being typed. */
const COMPLETE = '__complete';

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_srrctl() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(srrctl ${COMPLETE} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _srrctl srrctl
`,
  zsh: `#compdef srrctl
_srrctl() {
  local -a candidates
  candidates=("\${(@f)$(srrctl ${COMPLETE} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n \${candidates[*]} ]]; then compadd -a candidates; else _files; fi
}
# Loaded from fpath, this file is the body of _srrctl at its first call; sourced, it registers it.
if [[ \${funcstack[1]} == _srrctl ]]; then _srrctl "$@"; else compdef _srrctl srrctl; fi
`,
  fish: `function __srrctl_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l candidates (srrctl ${COMPLETE} -- $words[2..] 2>/dev/null)
  if set -q candidates[1]
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c srrctl -f -a '(__srrctl_complete)'
`,
};

export function addCompletion(context: Context): void {
  const { program, output } = context;
  const command = program
    .command('completion')
    .description('print a script that completes commands and names in a shell');
  command
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
Examples:
  srrctl completion bash > /etc/bash_completion.d/srrctl
  srrctl completion zsh > /usr/local/share/zsh/site-functions/_srrctl
  srrctl completion fish > ~/.config/fish/completions/srrctl.fish
`,
    )
    .action((shell: string) => output.out(SCRIPTS[shell] ?? ''));
  program
    .command(COMPLETE, { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const candidates = await complete(context, words);
      output.out(candidates.map((candidate) => `${candidate}\n`).join(''));
    });
}

/** What may stand in the place of the last word. */
async function complete(context: Context, words: readonly string[]): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const { command, given, option } = walk(context.program, words.slice(0, -1));
  const all =
    option === undefined
      ? await candidates(context, command, given, typed)
      : await values(context, option, command === context.program);
  return all.filter((candidate) => candidate.startsWith(typed));
}

interface Place {
  readonly command: Command;
  /** Arguments of it that are there already. */
  readonly given: number;
  /** The option whose value is being typed. */
  readonly option:
    | {
        readonly long?: string | undefined;
        readonly hidden: boolean;
        readonly argChoices?: readonly string[] | undefined;
      }
    | undefined;
}

function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let given = 0;
  let option: Place['option'];
  for (const word of words) {
    const inside = command.commands.find((each) => each.name() === word);
    if (option !== undefined) option = undefined;
    else if (word.startsWith('-'))
      option = command.options.find((each) => each.required && (each.long === word || each.short === word));
    else if (inside !== undefined && given === 0) command = inside;
    else given += 1;
  }
  return { command, given, option };
}

async function candidates(
  context: Context,
  command: Command,
  given: number,
  typed: string,
): Promise<readonly string[]> {
  if (typed.startsWith('-'))
    return [...command.options.flatMap(({ long, hidden }) => (hidden ? [] : (long ?? []))), '--help'];
  const inside = command.commands.filter((each) => each.name() !== COMPLETE).map((each) => each.name());
  if (inside.length > 0) return inside;
  const argument = command.registeredArguments[given];
  if (argument?.argChoices !== undefined) return argument.argChoices;
  return argument === undefined ? [] : names(context, argument.name());
}

function values(
  context: Context,
  { long, argChoices, hidden }: NonNullable<Place['option']>,
  isOfProgram: boolean,
): Promise<readonly string[]> {
  // Not whom a command is about, but who is asked.
  if (long === '--node' && (isOfProgram || hidden)) return knownNodes(context.options());
  if (argChoices !== undefined) return Promise.resolve(argChoices);
  return names(context, long === '--router' ? 'node' : (long ?? '').slice(2));
}

/** Names that the daemon knows; none where it does not answer, for there is nobody to tell. */
async function names(context: Context, what: string): Promise<readonly string[]> {
  if (what !== 'service' && what !== 'group' && what !== 'node') return [];
  try {
    const { services, nodes } = await getStatus(context);
    if (what === 'group') return [...new Set(services.map(({ group }) => group))];
    return what === 'service' ? services.map(({ name }) => name) : nodes.map(({ name }) => name);
  } catch {
    return [];
  }
}
