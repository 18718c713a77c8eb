import { describe, expect, it } from 'vitest';
import { routerId } from '../model/router-id.js';
import { Engine } from './engine.js';

const SELF = routerId(0x0a000001);
const OTHER = routerId(0x0a000002);
const interfaces = ['10.1.1.1', '10.1.2.9'];

function member(): Engine {
  const engine = new Engine({
    nodeName: 'a',
    softwareVersion: '0',
    joinHoldMs: 0,
    stampRefreshMs: 30_000,
    recallDelayMs: 1000,
    onIsolation: 'keep',
    remoteCommands: true,
    announce: 'auto',
    managementAddresses: [],
    managementPort: 0,
  });
  engine.handle({ type: 'connected', routerId: SELF }, 0);
  engine.handle({ type: 'neighbours', full: 1 }, 0);
  engine.handle({ type: 'synced' }, 0);
  engine.handle({ type: 'timer', timer: { kind: 'join' } }, 1);
  return engine;
}

describe('a router ID that two routers use', () => {
  it('is said once, and is no concern of ours beyond that if it is that of others', () => {
    const engine = member();
    const first = engine.handle({ type: 'duplicate-router-id', router: OTHER, interfaces, isNew: true }, 10);
    expect(first).toContainEqual(
      expect.objectContaining({ type: 'report', level: 'error', text: expect.stringContaining('10.0.0.2') }),
    );
    expect(first).toContainEqual(
      expect.objectContaining({
        type: 'happened',
        happening: expect.objectContaining({ kind: 'failure', node: OTHER }),
      }),
    );
    expect(engine.handle({ type: 'duplicate-router-id', router: OTHER, interfaces, isNew: false }, 20)).toEqual([]);
    expect(engine.state.phase).toBe('member');
  });

  it('isolates this node while it goes on if it is ours', () => {
    const engine = member();
    engine.handle({ type: 'duplicate-router-id', router: SELF, interfaces, isNew: true }, 10);
    expect(engine.state.phase).toBe('isolated');
    expect(engine.handle({ type: 'duplicate-router-id', router: SELF, interfaces, isNew: false }, 30_010)).toEqual([
      { type: 'set-timer', timer: { kind: 'duplicate' }, delayMs: 60_000 },
    ]);
    engine.handle({ type: 'timer', timer: { kind: 'duplicate' } }, 90_010);
    expect(engine.state.phase).not.toBe('isolated');
  });

  it('is over when ospfd has another router ID', () => {
    const engine = member();
    engine.handle({ type: 'duplicate-router-id', router: SELF, interfaces, isNew: true }, 10);
    expect(engine.state.phase).toBe('isolated');
    engine.handle({ type: 'disconnected', reason: 'ospfd closed the connection' }, 20);
    engine.handle({ type: 'connected', routerId: routerId(0x0a000003) }, 30);
    engine.handle({ type: 'neighbours', full: 1 }, 30);
    engine.handle({ type: 'synced' }, 30);
    expect(engine.state.phase).toBe('joining');
  });
});
