import { describe, expect, it } from 'vitest';
import { LeaseKeeper } from './lease-keeper.js';

/** A keeper with a lease of 3 s whose clock and timer are ours. */
function world() {
  const state = { now: 100_000, renewable: true, renewals: 0, lapses: 0, overruns: [] as number[] };
  const keeper = new LeaseKeeper({
    leaseMs: 3_000,
    now: () => state.now,
    renew: async () => {
      state.renewals += 1;
      return state.renewable;
    },
    onLapse: () => {
      state.lapses += 1;
    },
    onOverrun: (lateMs) => state.overruns.push(lateMs),
  });
  const tickAfter = async (ms: number): Promise<void> => {
    state.now += ms;
    keeper.tick();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { state, keeper, tickAfter };
}

describe('the lease clock', () => {
  it('is quiet while the leases are renewed in time', async () => {
    const { state, keeper, tickAfter } = world();
    for (let second = 0; second < 10; second += 1) await tickAfter(1_000);
    expect(state).toMatchObject({ renewals: 10, lapses: 0, overruns: [] });
    expect(keeper.check()).toBeNull();
  });

  it('tells whoever asks first after a freeze by how much it is late, and nobody else', async () => {
    const { state, keeper, tickAfter } = world();
    await tickAfter(1_000);
    state.now += 5_000;
    expect(keeper.check()).toBe(2_000);
    expect(keeper.check()).toBeNull();
    await tickAfter(0);
    expect(state).toMatchObject({ lapses: 1, overruns: [] });
  });

  it('tells it by its timer if nobody asked', async () => {
    const { state, keeper, tickAfter } = world();
    await tickAfter(4_500);
    expect(state.overruns).toEqual([1_500]);
    expect(keeper.check()).toBeNull();
  });

  it('lapses before anything is renewed again', async () => {
    const { state, tickAfter } = world();
    await tickAfter(4_500);
    expect(state).toMatchObject({ lapses: 1, renewals: 1 });
  });

  it('counts a renewal that failed as none', async () => {
    const { state, tickAfter } = world();
    state.renewable = false;
    for (const ms of [1_000, 1_000, 1_000, 1_000]) await tickAfter(ms);
    expect(state.overruns).toEqual([1_000]);
  });

  it('does not let a renewal from before the freeze count for afterwards', async () => {
    const { state, keeper } = world();
    keeper.tick();
    state.now += 4_000;
    expect(keeper.check()).toBe(1_000);
    await Promise.resolve();
    await Promise.resolve();
    state.now += 2_900;
    expect(keeper.check()).toBeNull();
    state.now += 200;
    expect(keeper.check()).toBe(100);
  });

  it('counts a lease from when its renewal was begun, not from when that ended', async () => {
    let now = 0;
    let end = (_renewed: boolean): void => {};
    const renewal = new Promise<boolean>((resolve) => {
      end = resolve;
    });
    const keeper = new LeaseKeeper({
      leaseMs: 3_000,
      now: () => now,
      renew: () => renewal,
      onLapse() {},
      onOverrun() {},
    });
    now = 1_000;
    keeper.tick();
    now = 2_500;
    end(true);
    await renewal;
    now = 4_100;
    expect(keeper.check()).toBe(100);
  });
});
