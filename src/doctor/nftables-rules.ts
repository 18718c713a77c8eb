/** The command lines of what runs beside srrd: zebra, ospfd, staticd, bfdd, and from FRR 10 mgmtd (FRR, lib/vty.h). */
export const VTY_PORTS: readonly number[] = [2601, 2604, 2616, 2617, 2623];

/** What FRR listens on that is not for everybody on this machine. */
export function localPorts(apiPort: number): readonly number[] {
  return [...VTY_PORTS, apiPort].toSorted((a, b) => a - b);
}

/** The table of docs/frr-setup.md, section 4, with these chains. */
export function tableOf(...chains: readonly (readonly string[])[]): readonly string[] {
  return ['table inet srrd {', ...chains.flat(), '}'];
}

/** Keeps other machines from ospfd's API. */
export function inputChain(apiPort: number): readonly string[] {
  return [
    '  chain input {',
    '    type filter hook input priority filter; policy accept;',
    `    iifname != "lo" tcp dport ${apiPort} drop`,
    '  }',
  ];
}

/** Keeps ordinary users of this machine from FRR. */
export function outputChain(apiPort: number): readonly string[] {
  return [
    '  chain output {',
    '    type filter hook output priority filter; policy accept;',
    `    oifname "lo" tcp dport { ${localPorts(apiPort).join(', ')} } meta skuid != { root, frr } reject with tcp reset`,
    '  }',
  ];
}
