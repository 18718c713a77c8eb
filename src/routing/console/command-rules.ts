import { isForViewers } from './viewer-commands.js';

/** What a command may do, as far as its first words tell. */
export type CommandKind =
  /** It shows something that everybody may see (viewer-commands.ts). */
  | 'show'
  /** It shows something else: configuration, with its passwords, or what nobody has looked at for viewers. */
  | 'show-to-admins'
  /** Anything else: it may change what the daemon does. */
  | 'change';

export const MAX_COMMAND_LENGTH = 1_000;

/** A command of a person: what FRR is given, and which lines of its answer are wanted. */
export interface FilteredCommand {
  readonly text: string;
  /** Only lines that contain this; null: all. */
  readonly include: string | null;
}

/**
 * Splits `show … | include WORDS`. The answer is filtered here and not by FRR: it takes the words for a regular
 * expression, and one that backtracks keeps the routing daemon from everything else, for as long as it likes.
 */
export function filteredCommand(command: string): FilteredCommand {
  const [, text, include] = /^([^|]*\S)\s*\|\s*include (.*\S)\s*$/.exec(command) ?? [];
  return text === undefined || include === undefined ? { text: command, include: null } : { text, include };
}

/**
 * A sentence if the text is not one command that may be given to FRR, by whomever; undefined if it is. All that holds
 * for every command is asked here.
 */
export function commandProblem(command: string): string | undefined {
  if (command.trim() === '') return 'expected a command, got nothing';
  if (command.length > MAX_COMMAND_LENGTH) {
    return `a command has at most ${MAX_COMMAND_LENGTH} characters, got ${command.length}`;
  }
  if (!/^[\x20-\x7e]*$/.test(command)) {
    return 'a command is one line of printable ASCII: no newlines, NULs, control characters or other letters';
  }
  // A VTY takes it for a question while the line is typed, before the line ends.
  if (command.includes('?')) return 'a command cannot contain `?`; ask for completions instead';
  return (
    pipeProblem(command) ??
    redirectProblem(command) ??
    shellProblem(command) ??
    expressionProblem(command) ??
    weightProblem(command)
  );
}

/** Words may be abbreviated in FRR; what is not certainly harmless counts as a change. */
export function commandKind(command: string): CommandKind {
  const { text, include } = filteredCommand(command);
  const [first = ''] = wordsOf(text);
  if (isForViewers(wordsOf(text))) return include === null ? 'show' : 'show-to-admins';
  return first === 'show' || first === 'list' ? 'show-to-admins' : 'change';
}

function pipeProblem(command: string): string | undefined {
  const { text, include } = filteredCommand(command);
  if (!text.includes('|') && (include === null || wordsOf(text)[0] === 'show')) return undefined;
  return '`|` is only taken as `show … | include WORDS`, which is no regular expression: the lines that contain these words';
}

/** FRR's daemons know none; vtysh and other shells write the answer into a file. */
function redirectProblem(command: string): string | undefined {
  if (!wordsOf(command).some((word) => /^\d?[<>]/.test(word))) return undefined;
  return 'a command takes no redirection: save the answer where you read it';
}

/**
 * What is about a terminal, a file or another program, and not about routing; some of it vtysh alone knows. With the shortest
 * form that is not also the beginning of another command, such as `configure`.
 */
const NOT_HERE = {
  copy: 'cop',
  ping: 'pi',
  ssh: 'ss',
  'start-shell': 'sta',
  telnet: 'te',
  terminal: 'te',
  traceroute: 'tr',
};

function shellProblem(command: string): string | undefined {
  const words = wordsOf(command);
  const [first = ''] = words[0] === 'do' ? words.slice(1) : words;
  const found = Object.entries(NOT_HERE).find(([name, short]) => name.startsWith(first) && first.startsWith(short));
  if (found === undefined) return undefined;
  return `\`${found[0]}\` is not taken here: it is for a terminal, and no command to a routing daemon`;
}

/** `find` is the one command of these daemons that takes a regular expression. */
function expressionProblem(command: string): string | undefined {
  const wanted = wordsBehind('find', command);
  if (wanted === undefined || wanted.every((word) => /^[a-z0-9_-]+$/.test(word))) return undefined;
  return 'expected plain words (letters, digits, - and _) behind `find`: a regular expression can keep the routing daemon from its work for minutes';
}

/** All ways to write every command: 97,000 lines of zebra, for which it stands still. */
function weightProblem(command: string): string | undefined {
  const behind =
    wordsBehind('list', command) ?? wordsBehind('commandtree', command.replace(/^\s*(do\s+)?sh\w*\s/i, ''));
  if (behind === undefined || !behind.some((word) => 'permutations'.startsWith(word))) return undefined;
  return '`permutations` keeps the routing daemon from its work while it writes them: use `list`, or `find WORDS`';
}

/** undefined: it is another command. FRR takes the beginning of a word for the whole, and while it is configured `do`. */
function wordsBehind(name: string, command: string): string[] | undefined {
  const words = wordsOf(command);
  const [first = '', ...behind] = words[0] === 'do' ? words.slice(1) : words;
  return first !== '' && name.startsWith(first) ? behind : undefined;
}

function wordsOf(command: string): string[] {
  return command.trim().toLowerCase().split(/\s+/);
}

const SECRET =
  /\b(password|md5|sha\d*|hmac-sha-\d+|authentication-key|key-string|secret|authentication\s+string|nhrp\s+authentication)\s+(?:(\d)\s+)?\S.*$/i;

/** For logs: what follows a word such as `password` is left out. */
export function commandWithoutSecrets(command: string): string {
  return command.replace(SECRET, '$1 ***');
}
