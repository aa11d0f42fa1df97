// The runners of stages that need more than the ledger: the worker's environment, folders of this machine, and ways out of it.
import { dirname, join } from 'node:path';
import type { StageRunners } from '../pipeline/context.ts';
import { commandRunner } from '../pipeline/runners/command/command.ts';
import { endLeftPrograms } from '../pipeline/runners/command/left-over.ts';
import { httpRunner } from '../pipeline/runners/http/http.ts';
import { mcpRunner } from '../pipeline/runners/mcp/mcp.ts';
import { settingsFileOf } from '../runtime/settings/settings-file.ts';
import { isPublicAddress } from '../transport/public-address.ts';
import { createTransport } from '../transport/send.ts';
import { createVisitDoor, type VisitDoor } from '../transport/visit.ts';
import type { Context } from './context.ts';

/** A program that is asked to end has so long. */
const GRACE_MS = 5_000;

/** The longest public page that is read. */
const PAGE_BYTES = 10 * 1024 ** 2;

export interface OpenStageRunners {
  readonly runners: StageRunners;
  readonly visits: VisitDoor;
  close(): Promise<void>;
}

/** Opens them; what a worker that was killed left behind on this machine is ended first. */
export async function openStageRunners(context: Context): Promise<OpenStageRunners> {
  const { env, outbound, log, ledger, settings, transport: anywhere } = context;
  const folder = join(context.dataFolder, 'stages');
  await endLeftPrograms(folder, GRACE_MS);
  const publicOnly = createTransport(outbound, isPublicAddress);
  const runners: StageRunners = {
    command: commandRunner({
      folder,
      programsFolder: dirname(settingsFileOf(env)),
      env: env.forPrograms,
      graceMs: GRACE_MS,
      warn: (sentence) => log.warn(sentence),
    }),
    http: httpRunner({ publicOnly, anywhere, env: env.forPrograms, now: () => ledger.clock.now() }),
    mcp: mcpRunner({ mcp: context.mcp, openMs: settings.timeouts.answerMs }),
  };
  const visits = createVisitDoor({
    ...outbound,
    timeoutMs: settings.timeouts.answerMs,
    limitBytes: PAGE_BYTES,
  });
  return {
    runners,
    visits,
    async close() {
      await publicOnly.close();
      await visits.close();
    },
  };
}
