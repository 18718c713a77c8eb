import type { AlertConfiguration } from '../../config/index.js';
import type { Alert, Sender } from '../thread/messages.js';
import { commandTarget } from './command.js';
import { mailTarget } from './mail.js';
import { snmpTarget } from './snmp.js';
import { syslogTarget } from './syslog.js';
import { webhookTarget } from './webhook.js';

export interface Target {
  /** Rejects with a sentence if the alerts have to be sent again. */
  readonly send: (alerts: readonly Alert[]) => Promise<void>;
  /** So many go together at most. */
  readonly together: number;
}

export function targetOf(by: AlertConfiguration['by'], sender: Sender): Target {
  switch (by.type) {
    case 'command':
      return { send: commandTarget(by, sender), together: 1 };
    case 'mail':
      return { send: mailTarget(by, sender), together: 100 };
    case 'snmp':
      return { send: snmpTarget(by, sender), together: 1 };
    case 'syslog':
      return { send: syslogTarget(by, sender), together: 1 };
    case 'webhook':
      return { send: webhookTarget(by, sender), together: 1 };
  }
}
