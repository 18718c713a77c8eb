import type { AlertBy } from '../../config/index.js';
import type { Alert, Sender } from '../thread/messages.js';
import { oneLine, sentence } from './fields.js';
import { runProgram } from './run-program.js';

const MAX_SUBJECT = 150;

/** All that wait in one mail, by the machine's own `sendmail`, which brings it further. */
export function mailTarget({ sendmail, from, to }: AlertBy<'mail'>, sender: Sender) {
  return (alerts: readonly Alert[]) =>
    runProgram({ argv: [sendmail, '-i', '-f', from, '--', ...to], input: message(alerts, { from, to, sender }) });
}

function message(
  alerts: readonly Alert[],
  about: { readonly from: string; readonly to: readonly string[]; readonly sender: Sender },
): string {
  const { from, to, sender } = about;
  const [first] = alerts;
  const subject = alerts.length === 1 && first !== undefined ? sentence(first) : `${alerts.length} events`;
  const lines = alerts.map((alert) => `${alert.event.at} ${sentence(alert)}`);
  return [
    `From: srrd on ${sender.node} <${from}>`,
    `To: ${to.join(', ')}`,
    `Subject: ${encoded(oneLine(`[${sender.cluster}] ${subject}`).slice(0, MAX_SUBJECT))}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...base64(`${lines.join('\n')}\n\ntold by ${sender.node} of the cluster ${sender.cluster}\n`),
    '',
  ].join('\n');
}

/** RFC 2047, in words of at most 75 characters, cut between characters. */
function encoded(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const words = text.match(/.{1,10}/gsu) ?? [];
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\n ');
}

/** RFC 2045: lines of at most 76 characters. */
function base64(text: string): string[] {
  return (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  );
}
