import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../ipv4.js';
import { bytes, message, u8, u32 } from '../testing/arbitraries.js';
import { decodeMessage } from './decode.js';
import { encodeMessage } from './encode.js';
import { encodeFrame, type Frame, FrameSplitter } from './frame.js';
import { MESSAGE_TYPES } from './message.js';

describe('messages of the OSPF API', () => {
  it('come out of the wire as they went in', () => {
    fc.assert(
      fc.property(message, u32, (original, sequence) => {
        const [frame] = new FrameSplitter().push(encodeMessage(original, sequence));
        expect(frame).toMatchObject({ kind: 'frame', sequence, type: MESSAGE_TYPES[original.kind] });
        expect(decodeMessage(frame as Frame)).toEqual(original);
      }),
      { numRuns: 1000 },
    );
  });

  it('are malformed when cut anywhere, never another message', () => {
    fc.assert(
      fc.property(message, (original) => {
        const type = MESSAGE_TYPES[original.kind];
        const body = encodeMessage(original, 1).subarray(8);
        // The messages without content have nothing that could be missing.
        const needed = ['sync-reachable', 'sync-ism', 'sync-nsm', 'sync-router-id'].includes(original.kind)
          ? 0
          : body.length;
        for (let length = 0; length < needed; length++) {
          const decoded = decodeMessage({ kind: 'frame', type, sequence: 1, body: body.slice(0, length) });
          expect(decoded.kind).toBe('malformed');
        }
      }),
    );
  });

  it('are decoded from random bytes without an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 25 }), bytes, (type, body) => {
        const decoded = decodeMessage({ kind: 'frame', type, sequence: 1, body });
        expect(decoded.kind).toBeTypeOf('string');
      }),
      { numRuns: 5000 },
    );
  });

  it('are unknown when their type is not defined', () => {
    expect(decodeMessage({ kind: 'frame', type: 21, sequence: 0, body: new Uint8Array(4) })).toEqual({
      kind: 'unknown-message',
      type: 21,
    });
  });

  it('with more router IDs than announced are malformed', () => {
    const body = Uint8Array.of(0, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2);
    expect(decodeMessage({ kind: 'frame', type: 18, sequence: 0, body })).toMatchObject({ kind: 'malformed' });
  });

  it('never have an empty body, which would abort ospfd', () => {
    fc.assert(fc.property(message, (original) => encodeMessage(original, 1).length > 8));
  });

  it('have the bytes that FRR 8.4.4 was seen to send', () => {
    const seen = (type: number, hex: string) =>
      decodeMessage({ kind: 'frame', type, sequence: 0, body: Uint8Array.from(Buffer.from(hex, 'hex')) });
    expect(seen(17, '0a0901020a0901010a00000109000000')).toEqual({
      kind: 'nsm-change',
      interfaceAddress: 0x0a090102,
      neighbourAddress: 0x0a090101,
      routerId: 0x0a000001,
      state: 'full',
    });
    expect(seen(18, '000200000a0000010a000003')).toEqual({
      kind: 'reachable-change',
      added: [0x0a000001, 0x0a000003],
      removed: [],
    });
    expect(seen(16, '0a0901020000000004000000')).toMatchObject({ kind: 'ism-change', state: 'point-to-point' });
    expect(seen(11, '09de00000a090102')).toMatchObject({ kind: 'ready', lsaType: 9, opaqueType: 222 });
    expect(seen(10, 'fd000000')).toEqual({ kind: 'reply', errorCode: -3 });
  });

  it('write a delete request with the opaque ID in the lower 24 bits', () => {
    const request = {
      kind: 'delete',
      address: ipv4(0),
      lsaType: 11,
      opaqueType: 222,
      flags: 0,
      opaqueId: 0x01_02_03,
    } as const;
    expect(Buffer.from(encodeMessage(request, 7)).toString('hex')).toBe('0106000c00000007000000000bde000000010203');
  });
});

describe('the frame splitter', () => {
  it('finds the same messages however the stream is cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), cuts, (messages, sizes) => {
        const stream = Buffer.concat(messages.map((original, index) => encodeMessage(original, index)));
        const splitter = new FrameSplitter();
        const found = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          found.push(...splitter.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(found.map((frame) => decodeMessage(frame as Frame))).toEqual(messages);
      }),
    );
  });

  it('waits for the rest of a message that is cut at any byte', () => {
    fc.assert(
      fc.property(message, (original) => {
        const whole = encodeMessage(original, 1);
        for (let length = 0; length < whole.length; length++) {
          expect(new FrameSplitter().push(whole.subarray(0, length))).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('says what is wrong with another version, and stays out of step', () => {
    const splitter = new FrameSplitter();
    const wrong = Uint8Array.of(2, 10, 0, 4);
    expect(splitter.push(wrong)).toEqual([
      { kind: 'malformed', what: 'message header', reason: 'expected version 1, got 2' },
    ]);
    expect(splitter.push(encodeFrame(10, 1, new Uint8Array(4)))).toMatchObject([{ kind: 'malformed' }]);
  });

  it('takes random bytes without an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), u8, (chunks, first) => {
        const splitter = new FrameSplitter();
        splitter.push(Uint8Array.of(first));
        for (const chunk of chunks) splitter.push(chunk);
      }),
      { numRuns: 1000 },
    );
  });
});
