import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSyntax } from './grammar.js';
import { nextWords, parseList } from './next-words.js';

/** Lines of `list`, as ospfd 8.4.4 and 10.3 and zebra write them. */
const LIST = `
    list [permutations]
    configure [terminal [file-lock]]
    write [<file|memory|terminal>]
    find REGEX...
    show ip ospf [vrf <NAME|all>] neighbor detail [json]
    show ip ospf neighbor A.B.C.D [detail] [json]
    show ip ospf [(1-65535)] border-routers
    show yang operational-data XPATH [{format <json|xml>|translate WORD|with-config}]
    [no] debug northbound [<callbacks [{configuration|state|rpc}]|notifications|events|libyang>]
    clear ip ospf [(1-65535)] neighbor [A.B.C.D]
    show bgp <ipv4|ipv6>$afi summary
    ![no] ip prefix-list WORD$name
    show <broken [syntax>
`;

const COMMANDS = parseList(LIST);

function next(line: string): string[] {
  return nextWords(COMMANDS, line.split(' ').filter(Boolean));
}

describe('the words that may follow', () => {
  it.each([
    ['', ['clear', 'configure', 'debug', 'find', 'ip', 'list', 'no', 'show', 'write']],
    ['show', ['bgp', 'ip', 'yang']],
    ['show ip ospf', ['(1-65535)', 'border-routers', 'neighbor', 'vrf']],
    ['show ip ospf 17', ['border-routers']],
    ['show ip ospf 70000', []],
    ['show ip ospf vrf', ['NAME', 'all']],
    ['show ip ospf vrf all neighbor', ['detail']],
    ['show ip ospf neighbor 10.0.0.1', ['detail', 'json', '<cr>']],
    ['show ip ospf neighbor 10.0.0.1 json', ['<cr>']],
    ['sh ip os neigh', ['A.B.C.D', 'detail']],
    ['show yang operational-data /x', ['format', 'translate', 'with-config', '<cr>']],
    ['show yang operational-data /x with-config', ['format', 'translate', '<cr>']],
    ['show yang operational-data /x format', ['json', 'xml']],
    ['no debug northbound callbacks state', ['configuration', 'rpc', '<cr>']],
    ['find one', ['REGEX', '<cr>']],
    ['show bgp ipv4', ['summary']],
    ['ip prefix-list', ['WORD']],
    ['write', ['file', 'memory', 'terminal', '<cr>']],
    ['nonsense', []],
  ])('behind "%s" are %j', (line, expected) => {
    expect(next(line)).toEqual(expected);
  });
});

describe('a syntax', () => {
  it.each(['show <a|b', 'show a]', 'show {a|b>', 'a|b'])('whose brackets do not fit is left out: %s', (text) => {
    expect(parseSyntax(text)).toBeUndefined();
  });

  it('of any characters is read without an exception, and followed in a bounded time', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab <>[]{}|!.$('), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 6 }), (line, words) => {
        expect(Array.isArray(nextWords(parseList(line), words))).toBe(true);
      }),
      { numRuns: 2000 },
    );
    const wide = `{${Array.from({ length: 12 }, (_, index) => `a${index}`).join('|')}}`;
    const begun = performance.now();
    nextWords(
      parseList(wide),
      Array.from({ length: 12 }, () => 'a'),
    );
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});
