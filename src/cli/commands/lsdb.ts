import type { Field, LsaDocument, LsaSummary, LsdbDocument } from '../../lsdb/index.js';
import { type Context, described, get, getStatus, type JsonOption, show } from '../context.js';
import { table } from '../table.js';

interface LsdbOptions extends JsonOption {
  readonly type?: string;
  readonly router?: string;
  readonly area?: string;
  readonly text?: string;
}

export function addLsdb(context: Context): void {
  const command = context.program.command('lsdb');
  described(
    command,
    'show the LSAs that this node knows; one with all its fields',
    'srrctl lsdb',
    'srrctl lsdb --type 11 --router beta',
    'srrctl lsdb 11_as_222.1.3.1_10.0.0.1',
  )
    .argument('[id]', 'of one LSA, as in the last column of the list')
    .option('--type <type>', 'number, or part of the name: 1, router, 11, opaque')
    .option('--router <node>', 'advertising router: router ID or name')
    .option('--area <area>', 'such as 0.0.0.0')
    .option('--text <text>', 'anywhere in the line')
    .action(async (id: string | undefined, options: LsdbOptions) => {
      if (id !== undefined) {
        return show(context, options, await get<LsaDocument>(context, `/lsdb/${encodeURIComponent(id)}`), describeLsa);
      }
      const document = await get<LsdbDocument>(context, '/lsdb');
      const router = options.router === undefined ? undefined : await routerIdOf(context, options.router);
      const lsas = document.lsas.filter(matches({ ...options, ...(router === undefined ? {} : { router }) }));
      show(context, options, { ...document, lsas }, describeLsdb);
    });
}

async function routerIdOf(context: Context, name: string): Promise<string> {
  const { nodes } = await getStatus(context);
  return nodes.find((node) => node.name === name)?.routerId ?? name;
}

function matches({ type, router, area, text }: LsdbOptions): (lsa: LsaSummary) => boolean {
  return (lsa) =>
    (type === undefined || String(lsa.type) === type || (!/^\d+$/.test(type) && contains(lsa.typeName, type))) &&
    (router === undefined || lsa.advertisingRouter === router) &&
    (area === undefined || lsa.area === area) &&
    (text === undefined || contains(Object.values(lsa).join(' '), text));
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function describeLsdb({ lsas, notes }: LsdbDocument): string {
  const rows = lsas.map((lsa) => [
    String(lsa.type),
    lsa.linkStateId,
    lsa.advertisingRouter,
    lsa.area ?? '-',
    String(lsa.age),
    lsa.words,
    lsa.id,
  ]);
  const list =
    lsas.length === 0
      ? 'No such LSA.'
      : table([['TYPE', 'LINK STATE ID', 'ROUTER', 'AREA', 'AGE', 'SAYS', 'ID'], ...rows]);
  return [list, ...notes].join('\n\n');
}

function describeLsa(lsa: LsaDocument): string {
  const raw = lsa.raw.replace(/(.{64})/g, '$1\n').trimEnd();
  return `${lsa.typeName} LSA ${lsa.linkStateId} of ${lsa.advertisingRouter}: ${lsa.words}\n\n${lsa.fields
    .flatMap((field) => describeField(field, 0))
    .join('\n')}\n\n${raw}`;
}

function describeField({ name, value, meaning, parts }: Field, depth: number): string[] {
  const line = `${'  '.repeat(depth)}${name}${value === '' ? '' : `: ${value}`}${meaning === null ? '' : ` (${meaning})`}`;
  return [line, ...parts.flatMap((part) => describeField(part, depth + 1))];
}
