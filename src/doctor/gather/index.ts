import { type Configuration, loadConfiguration, loadDefinitions, readableSecrets } from '../../config/index.js';
import type { DaemonView, Facts } from '../facts.js';
import { readCertificates } from './certificates.js';
import { askFrr } from './frr.js';
import {
  lookAtClock,
  lookAtFirewall,
  lookAtKernel,
  lookAtListeners,
  lookForPrograms,
  readSavedConfiguration,
} from './machine.js';
import { from, within } from './within.js';

export interface Sources {
  /** srrd's configuration. */
  readonly configFile: string;
  /** Where FRR's files are; null: where srrd's configuration says. */
  readonly frrDirectory: string | null;
  /** Asks the running daemon on this socket. Throws an Error, one sentence, if none answers. */
  readonly askDaemon: (socket: string) => Promise<DaemonView>;
  /** Instead of what configFile says, which is not there yet. */
  readonly configuration?: Configuration;
}

/** Looks everywhere at the same time. Never throws: what could not be looked at is a fact with the reason. */
export async function gather(sources: Sources): Promise<Facts> {
  const { configFile, frrDirectory, askDaemon } = sources;
  const configuration = await within('broken', () => sources.configuration ?? loadConfiguration(configFile));
  const [readable, definitions, frr, savedLines, listening, firewall, kernel, programs, clock, certificates, daemon] =
    await Promise.all([
      from(configuration, 'change', (value) => readableSecrets(configFile, value)),
      from(configuration, 'broken', ({ stateDir, servicesDir }) => {
        const { definitions: accepted, errors } = loadDefinitions(stateDir, servicesDir);
        // Also of a service that is left out because FRR has put its address up.
        const { definitions: named } = loadDefinitions(stateDir, servicesDir, new Map(), new Map(), new Map());
        const serviceOf = new Map(
          named.flatMap(({ name, addresses }) => addresses.map((address) => [address, name] as const)),
        );
        return { accepted, errors, serviceOf };
      }),
      askFrr(configuration),
      frrDirectory === null
        ? from(configuration, 'change', ({ vty }) => readSavedConfiguration(vty.configDir))
        : within('change', () => readSavedConfiguration(frrDirectory)),
      within('change', lookAtListeners),
      within('change', lookAtFirewall),
      within('change', lookAtKernel),
      within('change', lookForPrograms),
      // Nothing depends on it but what people read.
      within('fine', lookAtClock),
      from(configuration, 'broken', ({ web }) => readCertificates(web?.tls ?? null)),
      from(configuration, 'broken', ({ socket }) => askDaemon(socket)),
    ]);
  return {
    configuration,
    readableSecrets: readable,
    definitions,
    ...frr,
    savedLines,
    listening,
    firewall,
    kernel,
    programs,
    clock,
    certificates,
    daemon,
  };
}
