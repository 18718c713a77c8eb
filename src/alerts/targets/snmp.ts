import type { AlertBy } from '../../config/index.js';
import type { Alert, Sender } from '../thread/messages.js';
import { fieldsOf } from './fields.js';
import { runProgram } from './run-program.js';

/** srrd of contrib/snmp/SRRD-MIB.txt, below netSnmpPlaypen: there is no number of our own. */
const SRRD = '1.3.6.1.4.1.8072.9999.9999.222';

/** srrdEvent, the notification, and the objects in it, numbered as in the MIB. */
const NOTIFICATION = `${SRRD}.0.1`;
const OBJECTS = ['CLUSTER', 'REPORTER', 'SEVERITY', 'KIND', 'NODE', 'SERVICE', 'FROM', 'TO', 'OPERATOR', 'TEXT', 'AT'];

/** An SNMP message should fit into one packet. */
const MAX_CHARACTERS = 255;

/**
 * An inform by snmptrap, which the receiver confirms, so that one that is lost is sent again. Communities and keys are in a snmp.conf of
 * Net-SNMP's own: nothing secret stands on a command line, where everybody on the machine can read it.
 */
export function snmpTarget({ to, configurationFolder }: AlertBy<'snmp'>, sender: Sender) {
  const access = configurationFolder === null ? ['-v', '2c', '-c', 'public'] : [];
  const folder: Record<string, string> = configurationFolder === null ? {} : { SNMPCONFPATH: configurationFolder };
  return async (alerts: readonly Alert[]) => {
    for (const alert of alerts) {
      const fields = fieldsOf(alert, sender);
      const objects = OBJECTS.flatMap((name, index) => {
        return [`${SRRD}.1.${index + 1}.0`, 's', (fields[name] ?? '').slice(0, MAX_CHARACTERS)];
      });
      const argv: [string, ...string[]] = [
        'snmptrap',
        ...access,
        '-Ci',
        '-r',
        '1',
        '-t',
        '3',
        to,
        '',
        NOTIFICATION,
        ...objects,
      ];
      await runProgram({ argv, environment: { MIBS: '', ...folder } });
    }
  };
}
