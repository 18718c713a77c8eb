import { Trouble } from '../parts/trouble.js';
import { reconnectNow } from '../store/connection.js';

/** In place of any page, for those whom the node tells nothing. */
export function Refused({ reason }: { readonly reason: string }) {
  return (
    <Trouble
      title="This node does not let you in"
      what={`It said: ${reason}.`}
      todo={[
        <>
          An administrator can give your certificate a role: a rule in <code>web.access</code> of the node’s
          configuration, then <code>systemctl reload srrd</code>. The node’s sentence above says what to write into the
          rule.
        </>,
        <>
          Or make a certificate with a role: <code>srrctl pki client NAME --role viewer</code>, and import its .p12 into
          this browser.
        </>,
        'If the browser showed the wrong certificate, close all its windows and choose another one.',
        <>
          On the node itself, <code>srrctl status</code> needs no certificate.
        </>,
      ]}
      action={
        <button type="button" onClick={reconnectNow}>
          Try again
        </button>
      }
    />
  );
}
