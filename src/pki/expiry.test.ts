import { expect, test } from 'vitest';
import { endingWords } from './expiry.js';

const NOW = Date.UTC(2027, 0, 1, 12);

function words(validTo: string): string[] {
  return endingWords([{ what: 'the certificate', certificate: { validTo } }], NOW);
}

test('nothing is said of a certificate that lasts for more than 30 days', () => {
  expect(words('Jan 31 12:00:01 2027 GMT')).toEqual([]);
});

test('from 30 days on it is said how long it lasts', () => {
  expect(words('Jan 31 12:00:00 2027 GMT')[0]).toMatch(/^the certificate ends on 2027-01-31, in 30 days: renew/);
  expect(words('Jan  1 13:00:00 2027 GMT')[0]).toContain('in 0 days');
});

test('one that has ended lets nobody in', () => {
  expect(words('Jan  1 12:00:00 2027 GMT')[0]).toContain('has ended on 2027-01-01, and nobody gets in');
});
