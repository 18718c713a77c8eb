import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { DoctorReport } from '../doctor/index.js';

const SRRCTL = fileURLToPath(new URL('../../bin/srrctl', import.meta.url));

/** Each of the doctor's looks has a few seconds, and they are taken side by side. */
const WITHIN_MS = 60_000;

/** The doctor prints a few KB. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Asks `srrctl doctor`, in a process of its own: what it reads and starts must not delay a failover. Returns to all who ask
 * at the same time one report. Rejects with a sentence.
 */
export function createDoctor(configFile: string, socket: string): () => Promise<DoctorReport> {
  let running: Promise<DoctorReport> | undefined;
  return () => {
    running ??= ask(configFile, socket).finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Keeps what the doctor said last: to examine takes a second of CPU, which no scrape is worth. */
export class RememberedDoctor {
  readonly #ask: () => Promise<DoctorReport>;
  #last: { readonly report: DoctorReport; readonly unixSeconds: number } | null = null;

  constructor(ask: () => Promise<DoctorReport>) {
    this.#ask = ask;
  }

  /** null: it was not asked since the start, or could not be. */
  get last(): { readonly report: DoctorReport; readonly unixSeconds: number } | null {
    return this.#last;
  }

  async ask(): Promise<DoctorReport> {
    const report = await this.#ask();
    this.#last = { report, unixSeconds: Math.floor(Date.now() / 1000) };
    return report;
  }
}

async function ask(configFile: string, socket: string): Promise<DoctorReport> {
  const args = [SRRCTL, '--socket', socket, 'doctor', '--json', '--config', configFile];
  const { stdout, stderr, exitCode, timedOut } = await execa(process.execPath, args, {
    reject: false,
    timeout: WITHIN_MS,
    maxBuffer: MAX_BYTES,
    stdin: 'ignore',
  });
  if (timedOut) throw new Error(`the doctor has said nothing for ${WITHIN_MS / 1000} s; try srrctl doctor on the node`);
  // 1: it has found something broken.
  if (exitCode === 0 || exitCode === 1) return JSON.parse(stdout) as DoctorReport;
  throw new Error(`the doctor could not be asked: ${stderr.trim() || `it ended with ${exitCode}`}`);
}
