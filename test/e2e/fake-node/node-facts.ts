import type { DoctorReport } from '../../../web/src/api/types.js';

export const DOCTOR: DoctorReport = {
  level: 'broken',
  findings: [
    {
      check: 'vty-open',
      level: 'broken',
      text: 'ospfd answers on its VTY port from other machines. Anybody in the network can try its password.',
      remedies: [
        { where: '/etc/frr/daemons, then systemctl restart frr', lines: ['ospfd_options="  -A 127.0.0.1 -a"'] },
      ],
    },
    {
      check: 'spf-throttle',
      level: 'change',
      text: 'The SPF throttle is 1000 ms: a failover takes a second longer than it must.',
      remedies: [{ where: '/etc/frr/frr.conf', lines: ['router ospf', ' timers throttle spf 0 10 100', 'exit'] }],
    },
    { check: 'frr-version', level: 'fine', text: 'FRR 10.3 is a version that SRRD was tried with.', remedies: [] },
    { check: 'neighbours', level: 'fine', text: '2 OSPF neighbours are Full.', remedies: [] },
  ],
};

export const PKI = {
  own: {
    subject: 'CN=alpha',
    issuer: 'CN=SRRD cluster default',
    serial: '5f3a09',
    notBefore: '2026-11-01T00:00:00.000Z',
    notAfter: '2028-12-03T00:00:00.000Z',
    fingerprint: 'A9:14:7B:0C:55:21:6E:9D:F0:33:8C:1F:7D:42:60:BB:AC:5E:D1:08:97:3F:E4:22:6B:90:CD:17:48:FA:30:6C',
  },
  cas: [{ subject: 'CN=SRRD cluster default', notAfter: '2036-11-01T00:00:00.000Z' }],
  revocations: 1,
  warnings: [],
};
