import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lsaNotification } from '../testing/fake-ospfd.js';
import { World } from '../testing/world.js';
import { encodeMessage } from '../wire/encode.js';

let world: World;

beforeEach(async () => {
  world = await World.make();
});

afterEach(() => world.end());

describe('bytes that make no sense', () => {
  it('end the session with a reason, and the next one is made', async () => {
    await world.startSynced({ minRetryMs: 5 });
    world.ospfd.client.notifications.write(Uint8Array.of(9, 9, 9));
    expect((await world.seen.next('malformed')).reason).toBe('expected version 1, got 9');
    expect((await world.seen.next('disconnected')).reason).toContain('expected version 1, got 9');
    await world.seen.next('synced');
  });

  it('are an answer to another request', async () => {
    await world.startSynced({ minRetryMs: 5 });
    world.ospfd.client.requests.write(encodeMessage({ kind: 'reply', errorCode: 0 }, 4711));
    expect((await world.seen.next('disconnected')).reason).toContain('4711');
    await world.seen.next('synced');
  });

  it('in an LSA are skipped, as another router could send them again and again', async () => {
    await world.startSynced();
    const wrong = lsaNotification('lsa-update');
    world.ospfd.client.notify({ ...wrong, header: { ...wrong.header, length: 4000 } });
    expect((await world.seen.next('malformed')).reason).toContain('claims 4000 bytes');
    await world.settle();
    expect(world.client.lsdb.size).toBe(0);
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('as a message of an unknown type are skipped', async () => {
    await world.startSynced();
    world.ospfd.client.notifications.write(Uint8Array.of(1, 99, 0, 0, 0, 0, 0, 0));
    expect((await world.seen.next('malformed')).reason).toContain('99');
    await world.settle();
    expect(world.seen.types()).not.toContain('disconnected');
  });

  it('never become an exception, on either connection', async () => {
    await world.startSynced({ minRetryMs: 1, maxRetryMs: 1 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 8, maxLength: 64 }), fc.boolean(), async (noise, onRequests) => {
        const { requests, notifications } = world.ospfd.client;
        (onRequests ? requests : notifications).write(noise);
        requests.destroy();
        notifications.destroy();
        await world.seen.next('disconnected');
        await world.seen.next('synced');
      }),
      { numRuns: 100 },
    );
  });
});
