import { execa } from 'execa';

const LONGEST_OUTPUT = 16 * 1024 * 1024;
/** `ip` writes its complaint before the list that we wait for, but the two pipes are read one after the other. */
const LATE_COMPLAINT_MS = 20;

type IpProcess = ReturnType<typeof spawnIp>;

interface Pending {
  resolve(shown: string): void;
  reject(error: Error): void;
}

/**
 * One `ip -batch -` that stays: a request costs a tenth of a millisecond, where starting `ip` costs this process ten.
 * It renews nothing by itself, so it may outlive a frozen daemon; when the daemon dies its input ends, and so does it.
 */
export class IpBatch {
  #process: IpProcess | undefined;
  #pending: Pending | undefined;
  #output = '';
  #complaints = '';
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Gives `ip` the lines (words already validated), then asks for all IPv4 addresses: what `ip -j addr show` prints is
   * the result, as it is. A line that fails does not keep the others from being carried out.
   * Throws an Error if `ip` cannot be run or does not answer within the time.
   */
  run(lines: readonly string[], timeoutMs: number): Promise<string> {
    const result = this.#queue.then(() => this.#run(lines, timeoutMs));
    this.#queue = result.catch(() => {});
    return result;
  }

  close(): void {
    this.#closed = true;
    this.#abandon(new Error('the ip process was closed'));
  }

  async #run(lines: readonly string[], timeoutMs: number): Promise<string> {
    if (this.#closed) throw new Error('the ip process was closed');
    const child = this.#process ?? this.#start();
    this.#complaints = '';
    return new Promise<string>((resolve, reject) => {
      const abandon = (): void => {
        if (this.#pending === pending) this.#abandon(new Error(`ip did not answer within ${timeoutMs} ms`));
      };
      // What it answered while this process stood still is read first.
      const timer = setTimeout(() => setImmediate(abandon), timeoutMs);
      const settle = (): void => clearTimeout(timer);
      const pending: Pending = {
        resolve: (shown) => {
          settle();
          resolve(shown);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#pending = pending;
      child.stdin.write(`${[...lines, 'addr show'].join('\n')}\n`);
    });
  }

  /** What `ip` said of lines that failed. For people: it may be late, or still be about the request before. */
  async complaints(): Promise<string> {
    if (this.#complaints === '') await new Promise((resolve) => setTimeout(resolve, LATE_COMPLAINT_MS));
    return this.#complaints;
  }

  #start(): IpProcess {
    const child = spawnIp();
    this.#process = child;
    this.#output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (this.#process === child) this.#read(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#process === child) this.#complaints = `${this.#complaints}${text}`.slice(0, 4_000);
    });
    // Writing to a process that has just died; its end is reported below.
    child.stdin.on('error', () => {});
    child.then((result) => {
      if (this.#process === child) this.#abandon(new Error(`ip ended: ${result.shortMessage ?? 'without an error'}`));
    });
    return child;
  }

  #read(text: string): void {
    this.#output += text;
    const end = this.#output.indexOf('\n');
    if (end < 0) {
      if (this.#output.length > LONGEST_OUTPUT) this.#abandon(new Error('ip printed too much'));
      return;
    }
    const line = this.#output.slice(0, end);
    this.#output = this.#output.slice(end + 1);
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(line);
  }

  #abandon(error: Error): void {
    const child = this.#process;
    const pending = this.#pending;
    this.#process = undefined;
    this.#pending = undefined;
    child?.kill('SIGKILL');
    pending?.reject(error);
  }
}

function spawnIp() {
  return execa('ip', ['-4', '-j', '-force', '-batch', '-'], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    env: { LC_ALL: 'C' },
  });
}
