/** A trial has failed: `message` says what was seen. */
export class TrialError extends Error {
  override readonly name = 'TrialError';
  readonly advice: string;

  constructor(seen: string, advice: string) {
    super(seen);
    this.advice = advice;
  }
}

/** A trial says nothing about this service; the message says why. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}
