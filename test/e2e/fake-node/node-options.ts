import type { World } from './world.js';

/** Who a fake node is, and how those who ask it are let in. */
export interface FakeNodeOptions {
  readonly world: World;
  readonly routerId: string;
  /** The built pages. */
  readonly folder: string;
  /** `none`: whoever asks has a certificate, and no rule names it. */
  readonly role?: 'none' | 'viewer' | 'operator' | 'admin';
  /** 0: any that is free. */
  readonly port?: number;
}
