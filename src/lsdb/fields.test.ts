import fc from 'fast-check';
import { encodeLsaBody, type LsaInstance } from 'ospfapi-shim';
import { describe, expect, it } from 'vitest';
import { lsa as anyLsa, bytes, u8 } from '../../ospfapi-shim/src/testing/arbitraries.js';
import { lsaInstance } from '../flooding/testing/fake-ospfd.js';
import { encodeBody } from '../lsa/index.js';
import type { Field } from './field.js';
import { lsaFields } from './fields.js';
import { targetsIn } from './targets.js';
import { daemonAnnouncement, serviceAnnouncement } from './testing/announcements.js';
import { address, mirrorOf, networkLsa, opaqueLsa, routerLsa } from './testing/lsas.js';

const NOWHERE = targetsIn(mirrorOf([]));

/** Fields without parts, in order. */
function leaves(fields: readonly Field[]): Field[] {
  return fields.flatMap((field) => (field.parts.length === 0 ? [field] : leaves(field.parts)));
}

/** Where each field without parts must begin, given that of the one before. */
function expectTiled(lsa: LsaInstance): Field[] {
  const all = leaves(lsaFields(lsa, NOWHERE));
  let end = 0;
  for (const field of all) {
    expect(field.offset).toBe(end);
    expect(field.length).toBeGreaterThan(0);
    end += field.length;
  }
  expect(end).toBe(20 + lsa.body.length);
  return all;
}

function found(fields: readonly Field[], ...names: string[]): Field {
  const [name, ...rest] = names;
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`no field ${name} among ${fields.map((one) => one.name).join(', ')}`);
  return rest.length === 0 ? field : found(field.parts, ...rest);
}

function instance(type: number, body: Uint8Array): LsaInstance {
  const [linkStateId, advertisingRouter] = [address('10.0.0.1'), address('10.0.0.2')];
  return lsaInstance({ type, linkStateId, advertisingRouter, body, area: address('0.0.0.0') });
}

describe('the fields of an LSA', () => {
  it('name every byte of every type exactly once, and nothing is not understood', () => {
    fc.assert(
      fc.property(anyLsa, ({ header, lsa }) => {
        const body = encodeLsaBody(lsa);
        const made = instance(header.type, body);
        const fields = expectTiled({ ...made, header: { ...made.header, linkStateId: header.linkStateId } });
        expect(fields.filter(({ name }) => name === 'not understood' || name === 'cut off')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('name every byte when the body is cut anywhere', () => {
    fc.assert(
      fc.property(anyLsa, ({ header, lsa }) => {
        const body = encodeLsaBody(lsa);
        for (let length = 0; length < body.length; length++) expectTiled(instance(header.type, body.slice(0, length)));
      }),
      { numRuns: 100 },
    );
  });

  it('name every byte of random ones, of every type and opaque type', () => {
    fc.assert(
      fc.property(u8, u8, bytes, (type, opaqueType, body) => {
        expectTiled(instance(type, body));
        expectTiled(opaqueLsa(10, `${opaqueType}.0.0.1`, '10.0.0.1', body));
      }),
      { numRuns: 1000 },
    );
  });

  it('lead from a link to the LSA that it points to', () => {
    const network = networkLsa('10.1.1.1', '10.0.0.1', 24, ['10.0.0.1', '10.0.0.2']);
    const router = routerLsa('10.0.0.1', ['transit 10.1.1.1 10', 'point-to-point 10.0.0.3 5', 'stub 10.2.0.0/16 1']);
    const targets = targetsIn(mirrorOf([network, router]));
    const fields = lsaFields(router, targets);
    const first = found(fields, 'body', 'link 1');
    expect([first.value, first.meaning, first.target]).toEqual([
      'transit network 10.1.1.1',
      'cost 10',
      '2_0.0.0.0_10.1.1.1_10.0.0.1',
    ]);
    expect(found(fields, 'body', 'link 1', 'link ID').target).toBe('2_0.0.0.0_10.1.1.1_10.0.0.1');
    expect(found(fields, 'body', 'link 2', 'link ID').target).toBeNull();
    expect(found(fields, 'body', 'link 3')).toMatchObject({ value: 'stub network 10.2.0.0/16', target: null });
    const attached = found(lsaFields(network, targets), 'body', 'attached router 1');
    expect([attached.value, attached.target]).toEqual(['10.0.0.1', '1_0.0.0.0_10.0.0.1_10.0.0.1']);
  });

  it('say a Service LSA of opaque type 222 in words, and each byte of it once', () => {
    const body = encodeBody(serviceAnnouncement, 'default');
    const lsa = opaqueLsa(11, '222.7.0.3', '10.0.0.1', body);
    const all = expectTiled(lsa);
    expect(all.filter(({ name }) => name === 'not understood' || name === 'value')).toMatchObject([
      { name: 'value', value: 'default' },
      { name: 'value', value: 'WEB' },
      { name: 'value', value: 'SHOP' },
      { name: 'value', value: '0123456789abcdef' },
    ]);
    const fields = lsaFields(lsa, NOWHERE);
    expect(found(fields, 'header', 'link state ID').meaning).toBe('srrd (opaque type 222), opaque ID 458755');
    expect(found(fields, 'body', 'service state', 'value', 'run state').meaning).toBe('started');
    expect(found(fields, 'body', 'service state', 'value', 'flags').meaning).toBe('critical, pinned');
    expect(found(fields, 'body', 'failure', 'value', 'failure code').meaning).toBe('check-failed');
    expect(found(fields, 'body', 'failure', 'value', 'reason').value).toBe('exit 1');
    expect(found(fields, 'body', 'highest known claim', 'value', 'highest known claim').value).toBe('7');
    expect(found(fields, 'body', 'IPv4 addresses', 'value', 'address 1').value).toBe('172.16.15.1');
    expect(found(fields, 'body', 'dependencies', 'value', 'dependency 1').value).toBe('DISK');
  });

  it('lead from a node that is asked to its Router LSA', () => {
    const asked = routerLsa('10.0.0.2', []);
    const lsa = opaqueLsa(11, '222.0.1.0', '10.0.0.1', encodeBody(daemonAnnouncement, 'default'));
    const fields = lsaFields(lsa, targetsIn(mirrorOf([asked])));
    expect(found(fields, 'body', 'ask list', 'value', 'router asked 1').target).toBe('1_0.0.0.0_10.0.0.2_10.0.0.2');
    expect(found(fields, 'body', 'outcome of a command', 'value', 'text').value).toBe('moved');
    const number = found(fields, 'body', 'revocation lists', 'value', 'number of its list 1').value;
    expect(number).toBe(String(2 ** 33 + 7));
    expect(found(fields, 'body', 'epochs of outcomes', 'value', 'epoch of outcome 1').value).toBe('1');
    expect(found(fields, 'body', 'digest', 'value', 'service announcements out').value).toBe('3');
    expect(found(fields, 'body', 'digest', 'value', 'sum of their counters').value).toBe('17');
  });

  it('name the sub-TLVs of a traffic engineering link (RFC 3630)', () => {
    const body = Buffer.from('000200100001000101000000000200040a000002', 'hex');
    const fields = lsaFields(opaqueLsa(10, '1.0.0.1', '10.0.0.1', body), NOWHERE);
    const link = found(fields, 'body', 'link', 'value');
    expect(link.parts.map(({ name }) => name)).toEqual(['link type', 'link ID']);
    expect(found(link.parts, 'link ID', 'value').value).toBe('0a000002');
  });

  it('show control characters of another router as what they are', () => {
    const body = Buffer.from('0064000441081b42', 'hex');
    const fields = lsaFields(opaqueLsa(11, '222.0.0.1', '10.0.0.9', body), NOWHERE);
    expect(found(fields, 'body', 'service name').value).toBe('A\ufffd\ufffdB');
  });
});
