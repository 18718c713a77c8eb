import type { Facts, VtyAccess } from '../facts.js';
import { broken, type Finding, FRR_CONF, fine, type Remedy, ROOT_SHELL, remedy } from '../finding.js';

/** Whether srrd can tell zebra and ospfd what to announce. */
export function checkVty({ vty }: Facts): Finding[] {
  if (!vty.known) return [];
  return vty.value.map((one) => {
    if (one.problem === null) return fine('vty', `${one.daemon} answers on its VTY.`);
    const text = `srrd cannot give ${one.daemon} commands, so no address would be announced: ${one.problem}.`;
    return broken('vty', text, ...remediesFor(one));
  });
}

function remediesFor({ kind, problem }: VtyAccess): Remedy[] {
  if (kind === 'tcp') {
    const lines = ['password YOUR-PASSWORD', 'enable password YOUR-ENABLE-PASSWORD'];
    return [remedy(`${FRR_CONF}, the same as in srrd.yaml`, ...lines)];
  }
  if (/EACCES|EPERM/.test(problem ?? '')) {
    return [remedy(`${ROOT_SHELL}, if srrd does not run as root`, 'usermod -a -G frrvty USER-OF-SRRD')];
  }
  return [
    remedy(ROOT_SHELL, 'systemctl status frr'),
    remedy('srrd.yaml, if FRR keeps its sockets elsewhere', 'vty: { socketDir: /var/run/frr }'),
  ];
}
