import { createLab, type Host, type Lab, type Probe } from '../../lab/index.js';

/** Machines on one subnet with the client, since an address that moves by ARP cannot leave it. No FRR, no srrd. */
export interface PeerWorld {
  readonly lab: Lab;
  readonly nodes: readonly Host[];
  readonly client: Host;
}

export const PEER_ADDRESS = '10.2.0.200';

export async function buildPeerLab(name: string, nodeNames: readonly string[]): Promise<PeerWorld> {
  const lab = await createLab({ name });
  try {
    const wire = lab.subnet('wire', '10.2.0.0/24');
    const nodes: Host[] = [];
    for (const each of nodeNames) nodes.push(await lab.plainHost(each, { subnets: [wire] }));
    const client = await lab.plainHost('client', { subnets: [wire] });
    for (const node of nodes) node.answerAt(PEER_ADDRESS);
    return { lab, nodes, client };
  } catch (error) {
    await lab.destroy();
    throw error;
  }
}

/** Who answers now. */
export async function serverNow({ nodes }: PeerWorld, probe: Probe): Promise<Host> {
  const { sender } = await probe.until(() => true, { since: process.hrtime.bigint(), timeoutMs: 60_000 });
  const found = nodes.find((node) => node.name === sender);
  if (found === undefined) throw new Error(`${sender} answered, which is no node`);
  return found;
}
