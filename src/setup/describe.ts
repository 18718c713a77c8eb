import { commandWithoutSecrets } from '../routing/index.js';
import { diff } from './diff.js';
import { type Look, textOf, utf8In } from './look.js';
import { rulesetOf } from './nftables-file.js';
import { type FileEdit, isEmpty, type Plan } from './plan.js';
import { withoutSecrets } from './srrd-file.js';

/** A file as it would be. */
export interface EditedFile {
  readonly file: string;
  /** null: it is not there. */
  readonly before: string | null;
  readonly after: string;
}

/** The files as they are now, edited; those that have it all are left out. Throws an Error that names the file. */
export function editedFiles(edits: readonly FileEdit[]): readonly EditedFile[] {
  const names = [...new Set(edits.map(({ file }) => file))];
  return names.flatMap((file): EditedFile[] => {
    const before = textOf(file);
    const own = edits.filter((edit) => edit.file === file);
    const after = own.reduce((text, { edit }) => inFile(file, () => edit(text)), before ?? '');
    return after === before ? [] : [{ file, before, after }];
  });
}

/** For people. No key or password is in it. */
export function describePlan(plan: Plan, look: Look): string {
  const files = editedFiles(plan.edits).map(({ file, before, after }) => {
    // FRR's files are read byte by byte; people read UTF-8.
    const [old, now] = [before ?? '', after].map((text) =>
      file === look.configFile ? withoutSecrets(utf8In(text)) : utf8In(text),
    );
    const lines = diff(old ?? '', now ?? '').map((line) => `    ${commandWithoutSecrets(line)}`);
    return [`  ${file}${before === null ? ' (new)' : ''}:`, ...lines, ''];
  });
  const told = (['bfdd', 'ospfd'] as const).flatMap((daemon) => {
    const pieces = plan.told.filter((piece) => piece.daemon === daemon);
    const lines = pieces.flatMap(({ context, lines: own }) => [
      ...context.map((line, depth) => ' '.repeat(depth) + line),
      ...own.map((line) => ' '.repeat(context.length) + commandWithoutSecrets(line)),
    ]);
    return pieces.length === 0
      ? []
      : [`  ${daemon} is told:`, ...['configure terminal', ...lines, 'end'].map((line) => `    ${line}`), ''];
  });
  const nft = rulesetOf(textOf(look.nftablesFile) ?? '', look.configuration.ospf.port)
    .trimEnd()
    .split('\n');
  return [
    ...(isEmpty(plan) ? [] : [`For ${checksOf(plan).join(', ')}:`, '']),
    ...plan.making.flatMap(({ what }) => [`  Made: ${what}`, '']),
    ...files.flat(),
    ...told,
    ...(plan.nft ? ['  nft is told:', ...nft.map((line) => `    ${line}`), ''] : []),
    ...(plan.enable ? ['  The unit nftables is switched on for the next boot: systemctl enable nftables', ''] : []),
    ...(plan.restart === null ? [] : [`  FRR is restarted: ${plan.restart}`, '']),
    ...(plan.notes.length === 0 ? [] : [...plan.notes.map((note) => `Left to you: ${note}`), '']),
  ].join('\n');
}

function checksOf({ edits, told, making, restart }: Plan): readonly string[] {
  const checks = [...edits, ...told].map(({ check }) => check);
  return [...new Set([...checks, ...(making.length > 0 ? ['web'] : []), ...(restart === null ? [] : ['ospf-api'])])];
}

function inFile<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
