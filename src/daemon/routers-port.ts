import type { Logger } from 'pino';
import type { RoutersPort, RoutersReply } from '../http/index.js';
import { ConsoleBusy, commandKind, commandWithoutSecrets, type VtyConsole, VtyUnavailable } from '../routing/index.js';

/** The console of the routing daemons, as the API asks for it. What may change something is logged. */
export function routersPort(console: VtyConsole, log: Pick<Logger, 'info' | 'warn'>): RoutersPort {
  return {
    run: async (daemon, commands, asker) => {
      const { user } = asker;
      const changes = commands.some((command) => commandKind(command) === 'change');
      const words = commands.map(commandWithoutSecrets).join('; ');
      if (changes) log.info({ user, daemon }, `${user} gives ${daemon}: ${words}`);
      const reply = await settled(console.run(daemon, commands, asker));
      if (changes) log.info({ user, daemon }, `${daemon} to ${user}: ${outcome(reply)}`);
      return reply;
    },
    complete: (daemon, { line, configuring }, asker) => settled(console.complete(daemon, line, asker, configuring)),
  };
}

async function settled<Result>(result: Promise<Result>): Promise<RoutersReply<Result>> {
  try {
    return { outcome: 'done', result: await result };
  } catch (error) {
    if (error instanceof ConsoleBusy) return { outcome: 'busy', text: error.message };
    if (error instanceof VtyUnavailable) return { outcome: 'unavailable', text: error.message };
    throw error;
  }
}

function outcome(reply: Awaited<ReturnType<RoutersPort['run']>>): string {
  if (reply.outcome !== 'done') return reply.text;
  const last = reply.result.answers.at(-1);
  return last?.refused ? `refused: ${last.output.trim().slice(0, 200)}` : 'done';
}
