const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `14:03:59`, in the browser's time zone. Takes milliseconds since 1970. */
export function formatClock(at: number): string {
  return CLOCK.format(at);
}

/** `2026-11-21 14:03:59.123`, in the browser's time zone. */
export function formatMoment(at: number): string {
  const date = new Date(at);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${formatClock(at)}.${pad(date.getMilliseconds(), 3)}`;
}

/** `3 s`, `5 min`, `2 h`, `4 d`: how long ago, or how long. Takes milliseconds. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
