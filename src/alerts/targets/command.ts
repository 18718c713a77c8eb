import type { AlertBy } from '../../config/index.js';
import type { Alert, Sender } from '../thread/messages.js';
import { fieldsOf } from './fields.js';
import { runProgram } from './run-program.js';

/** A program of the operator's, with the event in its environment: `SRRD_KIND`, `SRRD_TEXT`, … */
export function commandTarget({ argv }: AlertBy<'command'>, sender: Sender) {
  return async (alerts: readonly Alert[]) => {
    for (const alert of alerts) {
      const fields = Object.entries(fieldsOf(alert, sender)).map(([name, value]) => [`SRRD_${name}`, value]);
      await runProgram({ argv, environment: Object.fromEntries(fields) });
    }
  };
}
