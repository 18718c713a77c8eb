import { stripVTControlCharacters } from 'node:util';
import type { PrimitiveOutcome } from '../cluster/index.js';
import type { Primitive } from '../model/index.js';

/** How the make process itself ended. */
export interface MakeExit {
  /** null: it was ended by a signal. */
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * What the end of make means. Make answers 2 to every failing recipe, so the recipe's own exit status is taken from
 * its message, `make: *** [Makefile:12: start] Error 75`, which LC_ALL=C keeps in English.
 */
export function judge(primitive: Primitive, exit: MakeExit, rawOutput: string): PrimitiveOutcome {
  const output = printable(rawOutput);
  if (exit.code === 0) {
    return isHiddenByFile(primitive, output)
      ? { result: 'failed', reason: hiddenReason(primitive), output }
      : { result: 'succeeded', output: withoutIdleNote(output) };
  }
  if (exit.code !== null && isRecall(output)) return { result: 'recall', output };
  const last = lastLine(output);
  if (exit.code === null) {
    return { result: 'failed', reason: short(`make was ended by ${exit.signal}${last && `: ${last}`}`), output };
  }
  return { result: 'failed', reason: short(last || `make ended with status ${exit.code} and said nothing`), output };
}

export function timedOut(rawOutput: string, timeoutMs: number): PrimitiveOutcome {
  const output = printable(rawOutput);
  const last = lastLine(output);
  const reason = short(`not finished within ${timeoutMs / 1000} s${last && `; last output: ${last}`}`);
  return { result: 'timed-out', reason, output };
}

/** Why a watch, which has no end of its own, has ended. */
export function endOfWatch(exit: MakeExit, rawOutput: string): string {
  const last = lastLine(printable(rawOutput));
  const how = exit.code === null ? `make was ended by ${exit.signal}` : `make ended with status ${exit.code}`;
  return short(last || `${how} and said nothing`);
}

/** A call that could not begin. */
export function notRun(reason: string): PrimitiveOutcome {
  return { result: 'failed', reason: short(printable(reason)), output: '' };
}

/** EX_TEMPFAIL of sysexits.h. */
const RECALL_STATUS = 'Error 75';

/**
 * Messages of the outermost make only: an inner one says `make[1]:`. Not tied to the start of a line, since the recipe
 * may have printed something without a newline before it.
 */
const MAKE_ERROR = /make: \*\*\* \[.*\] (.+)$/gm;

/** With -j or -k several recipes can fail; it is a recall only if none of them really failed. */
function isRecall(output: string): boolean {
  const errors = [...output.matchAll(MAKE_ERROR)].map((match) => match[1]);
  return errors.length > 0 && errors.every((error) => error === RECALL_STATUS);
}

/**
 * Make does nothing, and calls it success, when the target is not declared .PHONY and a file of its name lies in the
 * folder. For us a `start` that did not run is no success.
 */
function isHiddenByFile(primitive: Primitive, output: string): boolean {
  return output.trimEnd().endsWith(`make: '${primitive}' is up to date.`);
}

function hiddenReason(primitive: Primitive): string {
  return `a file named '${primitive}' beside the Makefile kept make from running the target: declare it .PHONY`;
}

function withoutIdleNote(output: string): string {
  return output.replace(/^make: Nothing to be done for '.*'\.\n?/m, '');
}

const FROM_MAKE = /^make(\[\d+\])?: /;

/** The last line that the recipe printed; if it printed nothing, make's own last line. */
function lastLine(output: string): string {
  let fromMake = '';
  for (const line of output.split('\n').reverse()) {
    const start = line.indexOf('make: *** ');
    const own = (start < 0 ? line : line.slice(0, start)).trim();
    if (own !== '' && !FROM_MAKE.test(own)) return own;
    if (fromMake === '') fromMake = line.trim();
  }
  return fromMake;
}

/** A reason is flooded and shown in a table: one line, and no longer than this many characters. */
const REASON_LIMIT = 200;

function short(reason: string): string {
  const line = reason.replace(/\s+/g, ' ').trim();
  return line.length <= REASON_LIMIT ? line : `${line.slice(0, REASON_LIMIT - 1)}…`;
}

/** Output ends up on terminals and web pages: no escape sequences, no control characters but tab and newline. */
function printable(output: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return stripVTControlCharacters(output).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
