import { localPorts } from '../doctor/index.js';
import { withBfdd, withOspfd } from './daemons-file.js';
import { withLines } from './frr/edited.js';
import { hasInstance } from './frr/files.js';
import { missingPieces, missingProfile, type Needs, type Piece } from './frr/pieces.js';
import { type Context, ROUTER_OSPF } from './frr/spans.js';
import { bytesOf, type Look, textOf, utf8In } from './look.js';
import { needsOf } from './needs.js';
import { isHarmless, withTable } from './nftables-file.js';
import { withKeys } from './srrd-file.js';
import { type Making, srrdWants } from './srrd-wants.js';
import { isUnit } from './systemd.js';
import type { Wishes } from './wishes.js';

/** How a file becomes what it should be. `''`: it is not there. */
export interface FileEdit {
  readonly check: string;
  readonly file: string;
  readonly edit: (text: string) => string;
}

/** What would be done. */
export interface Plan {
  readonly edits: readonly FileEdit[];
  /** What running daemons of FRR are told. */
  readonly told: readonly Piece[];
  /** Keys and certificates that would be made first. */
  readonly making: readonly Making[];
  /** nftables loads our table anew. */
  readonly nft: boolean;
  /** The unit of nftables is switched on for the next boot. */
  readonly enable: boolean;
  /** Why FRR is to be restarted; null: it is not. */
  readonly restart: string | null;
  /** What is left to a person. */
  readonly notes: readonly string[];
  /** OSPF has no authentication, and no key was given. */
  readonly needsKey: boolean;
}

/** Findings of the doctor that are put right here. */
export const FIXABLE: readonly string[] = [
  ...['ospf-api', 'opaque', 'lsa-throttle', 'lsa-min-arrival', 'spf-throttle', 'bfd', 'designated-router'],
  ...['authentication', 'api-open', 'local-open', 'isolation'],
];

/** `only`: the findings to put right; null: all that a node needs. Throws an Error, in words, if there is no place for it. */
export function planFor(look: Look, wishes: Wishes, only: readonly string[] | null = null): Plan {
  const wanted = ({ check }: { readonly check: string }) => only === null || only.includes(check);
  const needs = needsOf(look, wishes, only !== null);
  const { files, running } = look;
  const ospfd = textOf(files.ospfd) ?? '';
  const missing = missingPieces(together(ospfd, files.bfdd === files.ospfd ? '' : (textOf(files.bfdd) ?? '')), needs);
  const usesBfd = missing.some(({ check }) => check === 'bfd') || /^\s*ip ospf bfd(\s|$)/m.test(ospfd);
  const daemons = daemonsEdits(look, usesBfd).filter(wanted);
  const restart = restartReason(look, daemons, usesBfd, wanted);
  const ownWishes = srrdWants(look, wishes, needs);
  const keys = ownWishes.keys.filter(wanted);
  const closed = isClosed(look);
  const edits = [
    ...daemons,
    ...missing.map(({ check, daemon, context, lines }) => ({
      ...{ check, file: files[daemon] },
      edit: (text: string) => {
        checkStill(ospfd, text, context);
        return withLines(text, context, lines);
      },
    })),
    ...(closed ? [] : tableEdit(look)),
    ...keys.map(({ check, path, value }) => ({
      ...{ check, file: look.configFile, edit: (text: string) => bytesOf(withKeys(utf8In(text), [{ path, value }])) },
    })),
  ].filter(wanted);
  const nft = !closed && (wanted({ check: 'api-open' }) || wanted({ check: 'local-open' }));
  const harmless = isHarmless(textOf(look.nftablesFile) ?? '');
  return {
    edits,
    told: restart !== null && isUnit(files.ospfd) ? [] : toldPieces(running, needs).filter(wanted),
    making: only === null ? ownWishes.making : [],
    nft,
    enable: nft && look.nftablesIsOff && harmless,
    restart,
    notes: [
      ...(only === null ? [...needs.notes, ...ownWishes.notes] : []),
      ...(look.nftablesIsOff && !harmless && (only === null || nft) ? [notAtBoot(look.nftablesFile)] : []),
    ],
    needsKey: needs.needsKey && wanted({ check: 'authentication' }),
  };
}

/** Whether there is nothing to do. */
export function isEmpty({ edits, told, making, nft, restart }: Plan): boolean {
  return edits.length + told.length + making.length === 0 && !nft && restart === null;
}

/** A file that has lost its block since it was looked at is somebody's work. Throws an Error. */
function checkStill(before: string, text: string, context: Context): void {
  if (context !== ROUTER_OSPF || !hasInstance(before) || hasInstance(text)) return;
  throw new Error('it has no `router ospf` any more: look again, or write the lines by hand');
}

/** A line that is in either file is there. */
function together(ospfd: string, bfdd: string): string {
  return bfdd === '' ? ospfd : `${ospfd}\n!\nexit\n${bfdd}`;
}

function toldPieces({ ospfd, bfdd }: Look['running'], needs: Needs): readonly Piece[] {
  const ofOspfd = ospfd === null ? [] : missingPieces(ospfd, needs).filter(({ daemon }) => daemon === 'ospfd');
  const usesProfile = /ip ospf bfd profile srrd/.test(ospfd ?? '') || ofOspfd.some(({ check }) => check === 'bfd');
  return [...(bfdd === null || !usesProfile ? [] : missingProfile(bfdd)), ...ofOspfd];
}

function daemonsEdits({ files: { daemons }, major }: Look, bfdd: boolean): readonly FileEdit[] {
  if (daemons === null) return [];
  const text = textOf(daemons) ?? '';
  const edits = [
    { check: 'ospf-api', file: daemons, edit: (text: string) => withOspfd(text, (major ?? 0) >= 10) },
    ...(bfdd ? [{ check: 'bfd', file: daemons, edit: withBfdd }] : []),
  ];
  return edits.filter(({ edit }) => edit(text) !== text);
}

function notAtBoot(file: string): string {
  return `The unit nftables is off, so after a boot the rule is gone. ${file} holds more than it: see whom its other rules keep out, then systemctl enable nftables.`;
}

/** /etc/frr/daemons is read when FRR starts, and by no reload. */
function restartReason(
  { findings, running }: Look,
  daemons: readonly FileEdit[],
  usesBfd: boolean,
  wanted: (of: { readonly check: string }) => boolean,
): string | null {
  const api = findings.some(
    ({ check, level, remedies }) =>
      check === 'ospf-api' && level === 'broken' && remedies.every(({ where }) => where !== 'srrd.yaml'),
  );
  const [edited] = daemons;
  if (edited !== undefined) return `${edited.file} is another`;
  if (wanted({ check: 'ospf-api' }) && api) return 'ospfd does not run with its API';
  if (wanted({ check: 'bfd' }) && usesBfd && running.bfdd === null) return 'bfdd does not run';
  return null;
}

/** Also of ports on which nobody listens yet. */
function isClosed({ facts: { firewall }, configuration: { ospf } }: Look): boolean {
  if (!firewall.known) return false;
  const local = localPorts(ospf.port).every((port) => firewall.value.reachesLocally(port) === 'none');
  return local && firewall.value.reaches(ospf.port) === 'none';
}

function tableEdit({ nftablesFile, configuration: { ospf } }: Look): readonly FileEdit[] {
  const edit = (text: string) => withTable(text, ospf.port);
  const text = textOf(nftablesFile) ?? '';
  return edit(text) === text ? [] : [{ check: 'api-open', file: nftablesFile, edit }];
}
