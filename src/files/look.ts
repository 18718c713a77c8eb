import { spawn } from 'node:child_process';

export interface Look {
  readonly lines: readonly string[];
  /** It was given up: nothing came for as long as the limit. */
  readonly isHung: boolean;
  /** What the process said when it failed; null: it did not. */
  readonly error: string | null;
}

/**
 * `list FOLDER`: a line for each name. `try FILE ...`: no line; only whether it ends counts. `read FILE VERSION MOST ...`: a line for
 * each file: `same`, if that is still its version; `new VERSION BASE64`, or `failed SENTENCE`, with tabs between.
 * `steps PATH ...`: a line for each path, links not followed: `there MODE UID GID TARGET`, the mode in hexadecimal, the target of a
 * link in base64; `absent`, or `failed SENTENCE`.
 */
const SCRIPT = `
what=$1; shift
if [ "$what" = list ]; then exec ls -1A -- "$1"; fi
if [ "$what" = try ]; then
  for file do if [ -f "$file" ]; then head -c 1 -- "$file"; fi; done > /dev/null 2>&1
  exit 0
fi
if [ "$what" = steps ]; then
  for path do
    if step=$(stat -c '%f %u %g' -- "$path" 2>&1); then
      target=
      if [ -L "$path" ]; then target=$(readlink -n -- "$path" | base64 | tr -d '\\n'); fi
      printf 'there %s %s\\n' "$step" "$target"
    else
      case $step in
        *': No such file or directory') echo absent ;;
        *) printf 'failed %s\\n' "\${step##*: }" ;;
      esac
    fi
  done
  exit 0
fi
while [ $# -gt 0 ]; do
  if ! version=$(stat -L -c '%f %s %d %i %y %z' -- "$1" 2>&1); then
    printf 'failed\\t%s\\n' "\${version##*: }"
  elif [ "$version" = "$2" ]; then
    echo same
  else
    size=\${version#* }; size=\${size%% *}
    case $version in
      8???\\ *)
        if [ "$size" -gt "$3" ]; then
          printf 'failed\\tit has %s bytes, at most %s are read\\n' "$size" "$3"
        elif [ ! -r "$1" ]; then
          printf 'failed\\tPermission denied\\n'
        else
          printf 'new\\t%s\\t' "$version"
          head -c "$3" -- "$1" 2> /dev/null | base64 | tr -d '\\n'
          echo
        fi ;;
      1*) printf 'failed\\texpected a regular file, it is a FIFO\\n' ;;
      4*) printf 'failed\\texpected a regular file, it is a folder\\n' ;;
      c*) printf 'failed\\texpected a regular file, it is a socket\\n' ;;
      *) printf 'failed\\texpected a regular file, it is a device\\n' ;;
    esac
  fi
  shift 3
done
`;

/**
 * Looks at the disk in a child process, which is killed when nothing comes from it for `limitMs`. `line` is told each line
 * as it comes. Never rejects. A process that the kernel does not let go is left to itself.
 */
export function look(args: readonly string[], line: (line: string) => void, limitMs: number): Promise<Look> {
  return new Promise((resolve) => {
    // By absolute path: PATH is looked through while the daemon waits.
    const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', ...args], {
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const lines: string[] = [];
    let rest = '';
    let said = '';
    const end = (isHung: boolean, error: string | null) => {
      clearTimeout(limit);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve({ lines, isHung, error });
    };
    const limit = setTimeout(() => {
      killGroup(child.pid);
      end(true, null);
    }, limitMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      limit.refresh();
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        lines.push(part);
        line(part);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-200);
    });
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code) =>
      end(false, code === 0 ? null : said.trim().replace(/^.*: /s, '') || `ended with ${code}`),
    );
  });
}

function killGroup(processGroup: number | undefined): void {
  if (processGroup === undefined) return;
  try {
    process.kill(-processGroup, 'SIGKILL');
  } catch {
    // It has ended in this moment.
  }
}
