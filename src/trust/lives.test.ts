import { expect, test } from 'vitest';
import { daemonAnnouncement, serviceAnnouncement } from '../flooding/testing/announcements.js';
import { routerId } from '../model/index.js';
import { Lives } from './lives.js';

const NODE = routerId(2);
const EVERYBODY = () => true;

function livesWith(marks: readonly { epoch: number; counter: number }[] = []): Lives {
  let drawn = 0;
  return new Lives({
    marks: marks.map((mark) => ({ routerId: NODE, highest: mark.epoch, ...mark })),
    draw: () => (++drawn).toString(16).padStart(16, '0'),
    changed: () => {},
  });
}

function daemon(epoch: number, counter = 1) {
  return { ...daemonAnnouncement(counter), sequence: { epoch, counter } };
}

function service(epoch: number, counter = 1) {
  return { ...serviceAnnouncement(counter), sequence: { epoch, counter } };
}

test('a node of which nothing is remembered is asked, and counts when it answers', () => {
  const lives = livesWith();
  expect(lives.judge(NODE, service(900), undefined)).toBe('asked');
  expect(lives.judge(NODE, daemon(900), undefined)).toBe('to-ask');
  expect(lives.judge(NODE, daemon(900), undefined)).toBe('asked');
  const [ask] = lives.takeAsks(EVERYBODY);
  expect(lives.judge(NODE, daemon(900), 'f'.repeat(16))).toBe('asked');
  expect(lives.judge(NODE, daemon(900), ask?.nonce)).toBe('answered');
  expect(lives.takeAsks(EVERYBODY)).toEqual([]);
  expect(lives.judge(NODE, daemon(900), undefined)).toBe('present');
  expect(lives.judge(NODE, service(900), undefined)).toBe('present');
});

test('a node that is remembered counts at once, and a newer life of it when it answers', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  expect(lives.judge(NODE, service(900), undefined)).toBe('present');
  expect(lives.judge(NODE, daemon(900, 6), undefined)).toBe('present');
  expect(lives.judge(NODE, service(950), undefined)).toBe('asked');
  expect(lives.judge(NODE, daemon(950, 1), undefined)).toBe('to-ask');
  // The rest of the life before it is no answer.
  expect(lives.judge(NODE, service(900), undefined)).toBe('present');
  expect(lives.judge(NODE, daemon(950, 2), lives.takeAsks(EVERYBODY)[0]?.nonce)).toBe('answered');
  expect(lives.judge(NODE, daemon(950, 2), undefined)).toBe('present');
  expect(lives.marks).toEqual([{ routerId: NODE, epoch: 950, counter: 2, highest: 950 }]);
});

test('an earlier life that was never heard is not believed, whatever the node has announced since', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  // It had this life while we were down, and another one since. Somebody floods what it said then.
  expect(lives.judge(NODE, service(930, 8), undefined)).toBe('asked');
  expect(lives.judge(NODE, daemon(930, 9), undefined)).toBe('to-ask');
  const [ask] = lives.takeAsks(EVERYBODY);
  expect(lives.judge(NODE, daemon(950, 3), ask?.nonce)).toBe('answered');
  expect(lives.judge(NODE, daemon(950, 3), undefined)).toBe('present');
  expect(lives.judge(NODE, service(930, 8), undefined)).toBe('earlier-life');
});

test('a node that answers in the life that counts has none of those that it was asked about', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  lives.judge(NODE, daemon(930, 9), undefined);
  expect(lives.judge(NODE, daemon(900, 6), lives.takeAsks(EVERYBODY)[0]?.nonce)).toBe('present');
  expect(lives.takeAsks(EVERYBODY)).toEqual([]);
  // It is not asked again with each copy of it.
  expect(lives.judge(NODE, daemon(930, 9), undefined)).toBe('earlier-life');
  expect(lives.judge(NODE, daemon(931), undefined)).toBe('to-ask');
});

test('an earlier life is never believed while the present one is there', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  lives.judge(NODE, daemon(900, 6), undefined);
  expect(lives.judge(NODE, service(800), undefined)).toBe('earlier-life');
  expect(lives.judge(NODE, daemon(800), undefined)).toBe('earlier-life');
  expect(lives.takeAsks(EVERYBODY)).toEqual([]);
});

test('a node that has lost its disk and its clock is asked when its earlier life has gone, and believed', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  lives.judge(NODE, daemon(900, 6), undefined);
  expect(lives.gone(NODE, { epoch: 900, counter: 5 })).toBe(false);
  expect(lives.gone(NODE, { epoch: 900, counter: 6 })).toBe(true);
  expect(lives.judge(NODE, daemon(7), undefined)).toBe('to-ask');
  expect(lives.judge(NODE, daemon(7), lives.takeAsks(EVERYBODY)[0]?.nonce)).toBe('answered');
  expect(lives.judge(NODE, service(7), undefined)).toBe('present');
  // Of the life before, which has the higher epoch, nothing is believed again; a new one has to answer.
  lives.judge(NODE, daemon(7), undefined);
  expect(lives.judge(NODE, service(900), undefined)).toBe('earlier-life');
  expect(lives.judge(NODE, daemon(900, 9), undefined)).toBe('earlier-life');
  expect(lives.judge(NODE, daemon(901), undefined)).toBe('to-ask');
});

test('an answer counts once: the next question is another one', () => {
  const lives = livesWith();
  lives.judge(NODE, daemon(900), undefined);
  const first = lives.takeAsks(EVERYBODY)[0]?.nonce;
  lives.judge(NODE, daemon(900), first);
  lives.judge(NODE, daemon(950), undefined);
  lives.judge(NODE, daemon(950), lives.takeAsks(EVERYBODY)[0]?.nonce);
  lives.judge(NODE, daemon(950), undefined);
  lives.gone(NODE, { epoch: 950, counter: 1 });
  // Who has kept the first answer floods it again.
  expect(lives.judge(NODE, daemon(900), first)).toBe('to-ask');
  expect(lives.takeAsks(EVERYBODY)[0]?.nonce).not.toBe(first);
});

test('a Daemon announcement that a newer one has replaced says nothing', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  expect(lives.judge(NODE, daemon(900, 4), undefined)).toBe('outdated');
  expect(lives.judge(NODE, daemon(900, 5), undefined)).toBe('present');
});

test('only nodes that can be reached are asked', () => {
  const lives = livesWith();
  lives.judge(NODE, daemon(900), undefined);
  expect(lives.takeAsks((node) => node !== NODE)).toEqual([]);
  expect(lives.takeAsks((node) => node === NODE)).toHaveLength(1);
});

test('nodes that do not answer keep nobody from being asked', () => {
  const lives = livesWith();
  const silent = Array.from({ length: 8 }, (_, index) => routerId(index + 10));
  for (const node of silent) lives.judge(node, daemon(900), undefined);
  expect(lives.takeAsks(EVERYBODY).map((ask) => ask.routerId)).toEqual(silent);
  expect(lives.hasUnasked(EVERYBODY)).toBe(false);
  expect(lives.judge(NODE, daemon(900), undefined)).toBe('to-ask');
  expect([lives.hasUnasked(EVERYBODY), lives.hasUnasked((node) => node !== NODE)]).toEqual([true, false]);
  const asked = lives.takeAsks(EVERYBODY);
  expect(asked[0]?.routerId).toBe(NODE);
  expect(asked).toHaveLength(8);
});

test('who asks is answered until it asks no longer', () => {
  const lives = livesWith();
  expect(lives.isAskedBy(NODE, 'a'.repeat(16))).toBe(true);
  expect(lives.isAskedBy(NODE, 'a'.repeat(16))).toBe(false);
  expect(lives.takeAnswers()).toEqual([{ routerId: NODE, nonce: 'a'.repeat(16) }]);
  expect(lives.takeAnswers()).toHaveLength(1);
  expect(lives.isAskedBy(NODE, undefined)).toBe(false);
  expect(lives.takeAnswers()).toEqual([]);
});

test('old questions that somebody floods again keep none from being answered', () => {
  const lives = livesWith();
  lives.isAskedBy(NODE, 'a'.repeat(16));
  expect(lives.isAskedBy(NODE, 'b'.repeat(16))).toBe(true);
  expect(lives.isAskedBy(NODE, undefined)).toBe(false);
  expect(lives.takeAnswers().map(({ nonce }) => nonce[0])).toEqual(['a', 'b']);
  // Nor is it said anew that often.
  expect([lives.isAskedBy(NODE, 'a'.repeat(16)), lives.isAskedBy(NODE, 'b'.repeat(16))]).toEqual([false, false]);
});

test('of many who ask at once all are answered, as many at a time as there is room for', () => {
  const lives = livesWith();
  const askers = Array.from({ length: 20 }, (_, index) => routerId(index + 1));
  for (const asker of askers) lives.isAskedBy(asker, 'a'.repeat(16));
  const answered = [];
  while (lives.isToAnswer) answered.push(...lives.takeAnswers().map((answer) => answer.routerId));
  expect(new Set(answered)).toEqual(new Set(askers));
  // What went out in a session that has ended may have reached nobody.
  lives.allGone();
  expect(lives.isToAnswer).toBe(true);
});

test('a life that begins while the one before is asked is asked about by itself, also if it overtakes the answer', () => {
  const lives = livesWith([{ epoch: 900, counter: 5 }]);
  expect(lives.judge(NODE, daemon(930), undefined)).toBe('to-ask');
  const [ask] = lives.takeAsks(EVERYBODY);
  expect(lives.judge(NODE, daemon(950), undefined)).toBe('asked');
  expect(lives.judge(NODE, daemon(900, 6), ask?.nonce)).toBe('present still');
  expect(lives.judge(NODE, daemon(930), undefined)).toBe('earlier-life');
  expect(lives.judge(NODE, daemon(950), undefined)).toBe('to-ask');
  const [again] = lives.takeAsks(EVERYBODY);
  expect(again?.nonce).not.toBe(ask?.nonce);
  expect(lives.judge(NODE, daemon(950, 2), again?.nonce)).toBe('answered');
});
