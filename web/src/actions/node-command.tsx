import { signal } from '@preact/signals';
import { post } from '../api/client.js';
import type { NodeStatus } from '../api/types.js';
import { confirm } from '../parts/dialog.js';
import { isHere } from '../store/cluster.js';
import { giveCommand } from '../store/commands.js';
import { Prediction } from './prediction.js';

/** When the shutdown of this node was agreed to by it, in ms since 1970; null: it was not. */
export const shutdownGivenAt = signal<number | null>(null);

export async function setStandby({ routerId, name }: NodeStatus, standby: boolean): Promise<void> {
  const agreed =
    !standby ||
    (await confirm({
      title: `Put ${name} on standby?`,
      tone: 'danger',
      deed: `Put ${name} on standby`,
      body: (
        <>
          <p>
            {name} gives away everything it runs and owns nothing, also after a restart of srrd, until somebody ends
            that.
          </p>
          <Prediction question={{ change: 'standby', node: routerId }} />
        </>
      ),
    }));
  if (!agreed) return;
  const target = isHere(routerId) ? {} : { target: routerId };
  await giveCommand(
    standby ? `put ${name} on standby` : `end the standby of ${name}`,
    routerId,
    () => post<{ text: string }>(`/node/${standby ? 'standby' : 'unstandby'}`, target),
    ({ text }) => text,
  );
}

/** Of this node only: others are asked on their own pages. */
export async function shutDown({ routerId, name }: NodeStatus): Promise<void> {
  const agreed = await confirm({
    title: `Shut srrd on ${name} down?`,
    tone: 'danger',
    deed: 'Shut down',
    typed: name,
    body: (
      <>
        <p>
          All services of {name} are stopped and withdrawn, then srrd ends, and with it this page.{' '}
          <strong>It can be started again only on the machine itself</strong>: systemctl start srrd. For maintenance,
          standby is usually what you want.
        </p>
        <Prediction question={{ change: 'lose', node: routerId }} />
      </>
    ),
  });
  if (!agreed) return;
  const answer = await giveCommand(
    `shut srrd on ${name} down`,
    routerId,
    () => post<{ text?: string }>('/node/shutdown', {}),
    (said) => said?.text ?? 'it stops its services and ends',
  );
  if (answer !== undefined) shutdownGivenAt.value = Date.now();
}
