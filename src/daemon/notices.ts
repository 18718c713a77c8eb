import { formatRouterId } from '../cluster/index.js';
import type { NoticeListener, TransportNotice } from '../flooding/index.js';
import type { Log } from './ports.js';

/** ospfd may be away for hours: the same reason is told again only after this time. */
const REPEAT_AFTER_MS = 60_000;

/** Writes what the transport notices into the log, without filling it. */
export function logNotices(log: Log, now: () => number = () => performance.now()): NoticeListener {
  const told = new Map<string, number>();
  return (notice) => {
    const { level, text, fields } = describe(notice);
    if (notice.type === 'connect-failed' || notice.type === 'delete-failed' || notice.type === 'not-understood') {
      const last = told.get(notice.type + notice.reason);
      if (last !== undefined && now() - last < REPEAT_AFTER_MS) return;
      if (told.size >= MAX_REASONS) told.clear();
      told.set(notice.type + notice.reason, now());
    }
    log[level](fields, text);
  };
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
    case 'not-understood':
      return {
        level: 'warn',
        text: `ospfd said something not understood: ${notice.what}: ${notice.reason}`,
        fields: {},
      };
    case 'delete-failed': {
      const text = `ospfd did not delete our LSA ${notice.lsaId}: ${notice.reason}; asked again`;
      return { level: 'warn', text, fields: { lsaId: notice.lsaId } };
    }
  }
}
