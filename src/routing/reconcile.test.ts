import { beforeEach, describe, expect, it } from 'vitest';
import type { RouteWay } from '../model/index.js';
import { aliasAddress, aliasInterface, ospfArea } from './alias-request.js';
import { type AliasRecord, AliasTable } from './alias-table.js';
import { NO_EXTERNAL_ROUTES } from './external-routes.js';
import type { KernelAddress, PlacedAlias } from './kernel-addresses.js';
import { type AnnouncedAddress, linesFor, type OspfNetworks } from './ospf-networks.js';
import { Reconciliation } from './reconcile.js';
import { VtyRefusal } from './vty/answer.js';
import { REDISTRIBUTE_OURS } from './vty/commands.js';

const WEB: PlacedAlias = { address: aliasAddress('172.16.15.1'), interface: aliasInterface('lo') };
const AREA = ospfArea('0.0.0.0');
const NETWORK = linesFor([WEB], AREA, false);
const OURS = { redistribution: REDISTRIBUTE_OURS.text, complete: true };

/** A kernel and an ospfd that do as they are told, unless the test says otherwise. */
class World {
  readonly table = new AliasTable();
  readonly reports: string[] = [];
  readonly lost: string[] = [];
  readonly did: string[] = [];
  present: KernelAddress[] = [];
  announced: AnnouncedAddress[] = [];
  withheld: PlacedAlias[] = [];
  configured = true;
  external = NO_EXTERNAL_ROUTES;
  way: RouteWay = 'stub';
  refusals = 0;
  kernelRefuses = false;
  renews = true;
  /** What ospfd shows, whatever it was told; undefined: what it was told. */
  shown: OspfNetworks | undefined;
  readonly removed: KernelAddress[] = [];

  readonly reconciliation = new Reconciliation({
    table: this.table,
    leaseSeconds: 3,
    onLost: (service, reason) => this.lost.push(`${service}: ${reason}`),
    report: (_, text) => this.reports.push(text),
    kernel: {
      list: async () => this.present,
      renew: async (aliases) => {
        if (!this.renews) return this.present;
        for (const alias of aliases) if (!this.kernelRefuses && !this.holds(alias)) this.present.push(placed(alias));
        return this.present;
      },
      removeMarked: async (found) => {
        this.removed.push(...found);
      },
    },
    networks: {
      list: async () => {
        const { announced, withheld, configured, external } = this;
        return this.shown ?? { announced, withheld, perInterface: false, configured, external };
      },
      wantsExternal: () => this.way === 'external',
      linesFor: (aliases, area) => linesFor(aliases, area, false, this.way === 'external'),
      announce: async (lines) => {
        if (this.refusals-- > 0) throw new VtyRefusal('ospfd', 'network', '% no');
        this.did.push(...lines.map(({ address, external }) => `${external ? 'permit' : 'network'} ${address}`));
        this.announced.push(...lines.filter((line) => !line.external));
        if (lines.some((line) => line.external)) {
          this.external = { ...this.external, ...OURS, permitted: lines.map(({ address }) => `${address}/32`) };
        }
      },
      withdraw: async (lines) => {
        this.did.push(...lines.map(({ address }) => `no network ${address}`));
        this.announced = this.announced.filter((line) => !lines.includes(line));
      },
      withhold: async (aliases) => {
        this.withheld = [...aliases];
        this.external = { ...this.external, denied: aliases.map(({ address }) => address) };
      },
      endExternal: async () => {
        this.did.push('end');
        this.external = NO_EXTERNAL_ROUTES;
      },
      release: async (aliases, more = []) => {
        this.withheld = this.withheld.filter((one) => !aliases.includes(one));
        const denied = this.external.denied.filter((one) => !more.includes(one));
        this.external = { ...this.external, denied };
      },
    },
  });

  up(): AliasRecord {
    const record = this.table.begin('WEB', [WEB], false);
    record.area = AREA;
    record.lines = NETWORK;
    this.table.setPhase(record, 'up');
    this.present.push(placed(WEB));
    this.announced.push(...NETWORK);
    return record;
  }

  holds(alias: PlacedAlias): boolean {
    return this.present.some((one) => one.address === alias.address);
  }
}

function placed(alias: PlacedAlias): KernelAddress {
  return { ...alias, prefixLength: 32, label: `${alias.interface}:srrd` };
}

describe('an alias that is up', () => {
  let world: World;
  let record: AliasRecord;
  beforeEach(() => {
    world = new World();
    record = world.up();
  });

  it('is put back when it was deleted', async () => {
    world.present = [];
    await world.reconciliation.checkKernel();
    expect(world.holds(WEB)).toBe(true);
    expect(world).toMatchObject({ lost: [], reports: [expect.stringContaining('its address was deleted')] });
  });

  it('is lost when it cannot be put back, and that is told once', async () => {
    world.present = [];
    world.kernelRefuses = true;
    await world.reconciliation.checkKernel();
    expect(await world.reconciliation.renew()).toBe(true);
    expect(world.lost).toEqual(['WEB: 172.16.15.1 is no longer on lo and cannot be put back']);
  });

  it('is lost when somebody else has its address instead', async () => {
    world.present = [{ interface: 'lo', address: WEB.address, prefixLength: 32, label: 'lo' }];
    await world.reconciliation.renew();
    expect(world.lost).toHaveLength(1);
  });

  it('is lost when somebody insists on deleting it', async () => {
    for (let deletion = 0; deletion < 6; deletion += 1) {
      world.present = [];
      await world.reconciliation.checkKernel();
    }
    expect(world.lost).toEqual([expect.stringContaining('for the 6th time within 10 s')]);
    expect(world.holds(WEB)).toBe(false);
  });

  it('is not announced while its route is withheld, whoever puts the line back', async () => {
    world.table.setWithheld(record, true);
    world.announced = [];
    await world.reconciliation.checkNetworks();
    expect(world.announced).toEqual([]);
    world.announced = [...NETWORK];
    await world.reconciliation.checkNetworks();
    expect(world.announced).toEqual([]);
    world.table.setWithheld(record, false);
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ announced: NETWORK, lost: [] });
  });

  it('gets its line in ospfd back, also when ospfd refuses it once', async () => {
    world.announced = [];
    world.refusals = 1;
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ announced: NETWORK, lost: [] });
  });

  it('is lost when ospfd refuses its line twice', async () => {
    world.announced = [];
    world.refusals = 2;
    await world.reconciliation.checkNetworks();
    expect(world.lost).toEqual(['WEB: ospfd refused "network": % no']);
  });

  it('is lost when OSPF is no longer configured, and does not begin one', async () => {
    world.announced = [];
    world.configured = false;
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ announced: [], lost: ['WEB: ospfd has no `router ospf` any more'] });
  });

  it('is not put back once its lease has lapsed', async () => {
    world.table.lapse();
    world.present = [];
    world.announced = [];
    await world.reconciliation.renew();
    await world.reconciliation.checkKernel();
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ present: [], announced: [], lost: [] });
  });

  it('is not put back while it is taken down', async () => {
    world.present = [];
    const checking = world.reconciliation.checkKernel();
    world.table.setPhase(record, 'falling');
    await checking;
    expect(world.present).toEqual([]);
  });
});

describe('when addresses are to be announced in the other way', () => {
  it('a stub link stays one while it is up: routers compute external routes a second later', async () => {
    const world = new World();
    world.up();
    world.way = 'external';
    world.table.changed();
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ announced: NETWORK, lost: [], reports: [] });
    expect(world.did).toEqual([]);
  });

  it('the stub link is there before the external one goes', async () => {
    const world = new World();
    const record = world.up();
    record.lines = linesFor([WEB], AREA, false, true);
    world.announced = [];
    world.external = { ...world.external, ...OURS, permitted: [`${WEB.address}/32`] };
    world.way = 'stub';
    world.table.changed();
    await world.reconciliation.checkNetworks();
    expect(world.did).toEqual([`network ${WEB.address}`, 'end']);
    expect(world).toMatchObject({ announced: NETWORK, lost: [], reports: [] });
  });

  it('what is withheld is held back in both', async () => {
    const world = new World();
    const record = world.up();
    world.table.setWithheld(record, true);
    world.way = 'external';
    world.external = { ...world.external, ...OURS, permitted: [`${WEB.address}/32`] };
    await world.reconciliation.checkNetworks();
    expect(world).toMatchObject({ announced: [], withheld: [WEB], external: { denied: [WEB.address] } });
  });
});

describe('what should not be', () => {
  it('is removed: an address of ours that no service has, and none of another srrd', async () => {
    const world = new World();
    world.up();
    const stray = placed({ ...WEB, address: aliasAddress('172.16.15.9') });
    const ofAnother = placed({ ...WEB, address: aliasAddress('172.16.15.10') });
    world.table.own([aliasAddress('172.16.15.9')]);
    world.present.push(stray, ofAnother, { interface: 'lo', address: '10.0.0.1', prefixLength: 32, label: 'lo' });
    await world.reconciliation.renew();
    expect(world.removed).toEqual([stray]);
  });

  it('is withdrawn: a line of an address that is down, as soon as ospfd can be asked', async () => {
    const world = new World();
    world.table.end(world.up());
    await world.reconciliation.checkNetworks();
    expect(world.announced).toEqual([]);
    await world.reconciliation.checkNetworks();
    expect(world.table.unwanted).toEqual([]);
  });
});

describe('the cost that withholds an address from clients', () => {
  it('is put back while the address is withheld, and taken away when it is announced or down', async () => {
    const world = new World();
    const record = world.up();
    world.table.setWithheld(record, true);
    await world.reconciliation.checkNetworks();
    expect([world.withheld, world.announced]).toEqual([[WEB], []]);
    world.table.setWithheld(record, false);
    await world.reconciliation.checkNetworks();
    expect([world.withheld, world.announced]).toEqual([[], NETWORK]);
    world.table.end(record);
    world.withheld = [WEB];
    await world.reconciliation.checkNetworks();
    expect([world.withheld, world.announced]).toEqual([[], []]);
  });
});

describe('what is as it should be', () => {
  let world: World;
  let looks: number;
  beforeEach(() => {
    world = new World();
    world.up();
    looks = 0;
    world.present = counted(world.present);
  });

  const counted = <Item extends object>(items: Item[]): Item[] =>
    new Proxy(items, {
      get: (target, key) => {
        // A promise asks for it.
        if (key !== 'then') looks += 1;
        return Reflect.get(target, key, target);
      },
    });

  it('is looked at once, however often it is shown, until something changes', async () => {
    const shown = {
      announced: counted(NETWORK.slice()),
      withheld: [],
      perInterface: false,
      configured: true,
      external: NO_EXTERNAL_ROUTES,
    };
    world.shown = shown;
    world.renews = false;
    await world.reconciliation.renew();
    await world.reconciliation.checkNetworks();
    expect(looks).toBeGreaterThan(0);
    looks = 0;
    await world.reconciliation.renew();
    await world.reconciliation.checkNetworks();
    expect(looks).toBe(0);
    world.table.dismiss([]);
    await world.reconciliation.renew();
    await world.reconciliation.checkNetworks();
    expect(looks).toBeGreaterThan(0);
  });

  it('is not believed to be so because it was told to be: what ospfd took and does not show it is told again', async () => {
    world.shown = { announced: [], withheld: [], perInterface: false, configured: true, external: NO_EXTERNAL_ROUTES };
    await world.reconciliation.checkNetworks();
    await world.reconciliation.checkNetworks();
    expect(world.announced).toHaveLength(3);
  });
});
