import type { AlertBy } from '../../config/index.js';
import type { Alert, Sender } from '../thread/messages.js';
import { sentence } from './fields.js';
import { runProgram } from './run-program.js';

const LEVELS = { info: 'info', warning: 'warning', critical: 'crit' } as const;

/** By logger(1): Node.js has no datagram sockets of the UNIX kind. */
export function syslogTarget({ socket, facility }: AlertBy<'syslog'>, _sender: Sender) {
  return async (alerts: readonly Alert[]) => {
    for (const alert of alerts) {
      const priority = `${facility}.${LEVELS[alert.severity]}`;
      await runProgram({
        argv: [
          'logger',
          '--socket',
          socket,
          '--socket-errors=on',
          '--priority',
          priority,
          '--tag',
          'srrd',
          '--',
          sentence(alert),
        ],
      });
    }
  };
}
