import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from './checkout.js';
import type { Host } from './host.js';
import type { Journal } from './journal.js';
import { processesInNamespaces } from './processes.js';

/** A disk, the web server that writes to it and that the group cannot do without, and a feed that would be nice to have. */
export const GROUP = ['DISK', 'WEB', 'FEED'] as const;
export const WEB_ADDRESS = '172.16.15.128';
export const FEED_ADDRESS = '172.16.15.129';
export const CHECK_INTERVAL_MS = 1_000;
/** An isolated node stops this group in much less. */
export const TAKEOVER_DELAY_MS = 3_000;

/** The group's definitions for this node. */
export function definitions(journal: Journal, node: Host): Record<string, Record<string, unknown>> {
  const makefile = (name: string): string => join(CHECKOUT, 'test', 'lab', 'services', name, 'Makefile');
  const check = { interval: `${CHECK_INTERVAL_MS}ms`, timeout: '3s' };
  const quiet = {
    makefile: makefile('journal'),
    variables: { JOURNAL: journal.file, TAKES: '0.1', BROKEN: '/nonexistent' },
    check,
  };
  const shared = { group: 'SHOP', check };
  return {
    DISK: { ...shared, ...quiet, takeoverDelay: `${TAKEOVER_DELAY_MS}ms` },
    WEB: {
      ...shared,
      makefile: makefile('page'),
      addresses: [WEB_ADDRESS],
      dependsOn: ['DISK'],
      critical: true,
      variables: { JOURNAL: journal.file, CONFIG: configOf(node) },
    },
    FEED: {
      ...shared,
      ...quiet,
      addresses: [FEED_ADDRESS],
      dependsOn: ['WEB'],
      variables: { ...quiet.variables, BROKEN: brokenOn(node) },
    },
  };
}

/** WEB's configuration there; nginxConfig says what has to be in it. */
export function configOf(node: Host): string {
  return join(node.directory, 'nginx.conf');
}

/** While this file exists, FEED is broken there. */
export function brokenOn(node: Host): string {
  return join(node.directory, 'feed-is-broken');
}

export function nginxConfig(node: Host, disk: string): string {
  // The workers write to the lab's folder, which is root's.
  return `user root;
worker_processes 1;
events {}
http {
  access_log off;
  client_body_temp_path ${disk}/incoming;
  server {
    listen ${WEB_ADDRESS}:80;
    add_header X-Node ${node.name};
    root ${disk};
    location = / { return 200 "${node.name}"; }
    location /data/ { dav_methods PUT; }
  }
}
`;
}

/** The processes of WEB there. */
export function nginxOn(node: Host): number[] {
  return processesInNamespaces([node.namespace]).filter((pid) => commandLine(pid).includes('nginx:'));
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
