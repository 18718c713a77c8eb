import type { Alert, Sender } from '../thread/messages.js';

/** What every target is told of an alert, by the name of an environment variable without `SRRD_`. */
export function fieldsOf(
  { event, severity, repeated }: Alert,
  { cluster, node }: Sender,
): Readonly<Record<string, string>> {
  return {
    CLUSTER: cluster,
    REPORTER: node,
    SEVERITY: severity,
    REPEATED: repeated ? '1' : '0',
    SEQ: String(event.seq),
    AT: event.at,
    NODE: event.node,
    KIND: event.kind,
    SERVICE: event.service ?? '',
    FROM: event.from ?? '',
    TO: event.to ?? '',
    OPERATOR: oneLine(event.operator ?? ''),
    TEXT: oneLine(event.text),
  };
}

/** One line for people. */
export function sentence({ event, severity, repeated }: Alert): string {
  const about = [event.service, event.node].filter((part) => part !== null && part !== '').join(' on ');
  const head = about === '' ? severity : `${severity}: ${about}`;
  return oneLine(`${head}: ${event.text}${repeated ? ' (told once more, for the node that should have is lost)' : ''}`);
}

/** Texts come from other nodes and from programs: no line of a header or a log begins in them. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
