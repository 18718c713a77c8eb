export interface Limit {
  readonly burst: number;
  readonly perSecond: number;
}

export interface Bucket {
  tokens: number;
  filledAtMs: number;
}

export function fullBucket(limit: Limit, nowMs: number): Bucket {
  return { tokens: limit.burst, filledAtMs: nowMs };
}

/** Takes a token and returns 0; or returns how long to wait for the next one, in whole ms. */
export function takeToken(bucket: Bucket, limit: Limit, nowMs: number): number {
  const waitMs = fill(bucket, limit, nowMs);
  if (waitMs === 0) bucket.tokens -= 1;
  return waitMs;
}

/** Returns how long to wait for the next token, in whole ms; 0: there is one. */
export function fill(bucket: Bucket, { burst, perSecond }: Limit, nowMs: number): number {
  bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAtMs) / 1000) * perSecond);
  bucket.filledAtMs = nowMs;
  return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / perSecond) * 1000);
}
