/** What a command may do, as far as its first words tell. */
export type CommandKind =
  /** It shows something that everybody may see. */
  | 'show'
  /** It shows something too, but configuration, which holds passwords, or so much that the daemon is held up. */
  | 'show-to-admins'
  /** Anything else: it may change what the daemon does. */
  | 'change';

export const MAX_COMMAND_LENGTH = 1_000;

/** Shown whole by these, with passwords and keys. */
const CONFIGURATION_WORDS = ['running-config', 'startup-config', 'configuration', 'yang', 'mgmt'];

/** A sentence if the text is not one command; undefined if it is. */
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
  return undefined;
}

/** Words may be abbreviated in FRR; what is not certainly harmless counts as a change. */
export function commandKind(command: string): CommandKind {
  const [first = '', second = '', third = ''] = command.trim().toLowerCase().split(/\s+/);
  if (first === 'show') {
    if (second !== '' && CONFIGURATION_WORDS.some((word) => word.startsWith(second))) return 'show-to-admins';
    // All ways to write every command: 97,000 lines of zebra, for which it stands still.
    return second === 'commandtree' && third !== '' ? 'show-to-admins' : 'show';
  }
  if (first === 'list') return second === '' ? 'show' : 'show-to-admins';
  if (first === 'find' || first === 'who') return 'show';
  return 'change';
}

const SECRET = /\b(password|md5|sha\d*|hmac-sha-\d+|authentication-key|key-string|secret)\s+(?:(\d)\s+)?\S.*$/i;

/** For logs: what follows a word such as `password` is left out. */
export function commandWithoutSecrets(command: string): string {
  return command.replace(SECRET, '$1 ***');
}
