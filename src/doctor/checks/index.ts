import type { Facts } from '../facts.js';
import type { Finding } from '../finding.js';
import { checkAliases } from './aliases.js';
import { checkAnnounce } from './announce.js';
import { checkCertificates } from './certificates.js';
import { checkCovered } from './covered.js';
import { checkDaemon } from './daemon.js';
import { checkDetection } from './detection.js';
import { checkApi, checkInstance, checkOpaque, checkVersion } from './frr.js';
import { checkIsolation } from './isolation.js';
import { checkLsaSizes } from './lsas.js';
import { checkClock, checkForwarding, checkPrograms, checkReversePath } from './machine.js';
import { checkDesignatedRouter, checkNeighbours } from './neighbours.js';
import {
  checkApiClosed,
  checkAuthentication,
  checkLocalUsers,
  checkPasswords,
  checkReadableSecrets,
  checkVtyClosed,
} from './security.js';
import { checkAgreement, checkDefinitions, checkForeign } from './services.js';
import { checkLsaMinArrival, checkLsaThrottle, checkSpfThrottle } from './timers.js';
import { checkVty } from './vty.js';

/** A pure function from facts to findings. What it would need and is not known, it says nothing of. */
export type Check = (facts: Facts) => readonly Finding[];

/** In the order in which a person would look. */
export const CHECKS: readonly Check[] = [
  checkPrograms,
  checkApi,
  checkVty,
  checkVersion,
  checkInstance,
  checkOpaque,
  checkNeighbours,
  checkDesignatedRouter,
  checkDetection,
  checkLsaThrottle,
  checkLsaMinArrival,
  checkSpfThrottle,
  checkApiClosed,
  checkVtyClosed,
  checkLocalUsers,
  checkAuthentication,
  checkPasswords,
  checkReadableSecrets,
  checkForwarding,
  checkReversePath,
  checkClock,
  checkCertificates,
  checkAliases,
  checkCovered,
  checkAnnounce,
  checkDefinitions,
  checkDaemon,
  checkIsolation,
  checkAgreement,
  checkForeign,
  checkLsaSizes,
];
