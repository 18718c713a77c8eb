import type { NoticeListener, TransportNotice } from '../flooding/index.js';
import { formatRouterId } from '../model/index.js';
import { REFUSAL_WORDS } from '../trust/index.js';
import type { Log } from './ports.js';

/** ospfd may be away for hours: the same reason is told again only after this time. */
const REPEAT_AFTER_MS = 60_000;

/** Writes what the transport notices into the log, without filling it. */
export function logNotices(log: Log, now: () => number = () => performance.now()): NoticeListener {
  const told = new Map<string, number>();
  return (notice) => {
    const { level, text, fields } = describe(notice);
    const repeats = repeatedAs(notice);
    if (repeats !== undefined) {
      const last = told.get(repeats);
      if (last !== undefined && now() - last < REPEAT_AFTER_MS) return;
      if (told.size >= MAX_REASONS) told.clear();
      told.set(repeats, now());
    }
    log[level](fields, text);
  };
}

/** What is told again and again is told once in a while; undefined: it comes once. */
function repeatedAs(notice: TransportNotice): string | undefined {
  switch (notice.type) {
    case 'connect-failed':
    case 'delete-failed':
    case 'not-understood':
      return notice.type + notice.reason;
    case 'flood-limit':
      return notice.type + notice.service;
    case 'malformed':
    case 'other-cluster':
    case 'not-proven':
    case 'too-many':
    case 'lsdb-differed':
      return undefined;
  }
}

/** Reasons come from outside: they must not fill the memory. */
const MAX_REASONS = 100;

interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
  readonly fields: object;
}

function describe(notice: TransportNotice): Line {
  switch (notice.type) {
    case 'connect-failed': {
      const text = `cannot use the API of ospfd: ${notice.reason}; trying again. Does it run, with the option -a?`;
      return { level: 'warn', text, fields: {} };
    }
    case 'malformed': {
      const { origin, lsaId, reason } = notice;
      const text = `${formatRouterId(origin)} floods an opaque LSA of type 222 that is no announcement: ${reason}; the next ones of this router are only counted`;
      return { level: 'warn', text, fields: { origin: formatRouterId(origin), lsaId } };
    }
    case 'other-cluster': {
      const { origin, lsaId, cluster } = notice;
      const text = `${formatRouterId(origin)} belongs to the cluster ${JSON.stringify(cluster)}: ignored`;
      return { level: 'info', text, fields: { origin: formatRouterId(origin), lsaId } };
    }
    case 'lsdb-differed': {
      const { differences, unsure } = notice;
      const lsas = differences === 1 ? '1 LSA' : `${differences} LSAs`;
      const text = `the copy of the LSDB differed from that of ospfd in ${lsas}, which are put right: notifications of ospfd were lost`;
      return { level: 'warn', text, fields: { differences, unsure } };
    }
    case 'not-proven': {
      const { origin, lsaId, why, believed } = notice;
      const which = believed ? 'would not be believed with trust: require' : 'is not believed';
      const text = `what ${lsaId} says in the name of ${formatRouterId(origin)} ${which}: ${REFUSAL_WORDS[why]}; the next ones are only counted`;
      return { level: believed ? 'info' : 'warn', text, fields: { origin: formatRouterId(origin), lsaId } };
    }
    case 'too-many': {
      const { origin, limit } = notice;
      const text = `${formatRouterId(origin)} floods more than ${limit} opaque LSAs of type 222: those beyond are not read`;
      return { level: 'error', text, fields: { origin: formatRouterId(origin) } };
    }
    case 'not-understood':
      return {
        level: 'warn',
        text: `ospfd said something not understood: ${notice.what}: ${notice.reason}`,
        fields: {},
      };
    case 'flood-limit': {
      const { service } = notice;
      const text = `${service} changes faster than changes are flooded: they are merged, and the newest goes out. Why does it change so often?`;
      return { level: 'warn', text, fields: { service } };
    }
    case 'delete-failed': {
      const text = `ospfd did not delete our LSA ${notice.lsaId}: ${notice.reason}; asked again`;
      return { level: 'warn', text, fields: { lsaId: notice.lsaId } };
    }
  }
}
