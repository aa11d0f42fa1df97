// The runners of stages that need more than the ledger: the worker's environment, folders of this machine, and ways out of it.
import { dirname, join } from 'node:path';
import type { StageLookups, StageRunners } from '../pipeline/context.ts';
import { commandLookup, commandRunner } from '../pipeline/runners/command/command.ts';
import { endLeftPrograms } from '../pipeline/runners/command/left-over.ts';
import { httpRunner } from '../pipeline/runners/http/http.ts';
import { httpLookup } from '../pipeline/runners/http/lookup.ts';
import { mcpLookup } from '../pipeline/runners/mcp/lookup.ts';
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
  readonly lookups: StageLookups;
  readonly visits: VisitDoor;
  close(): Promise<void>;
}

/** Opens them; what a worker that was killed left behind on this machine is ended first. */
export async function openStageRunners(context: Context): Promise<OpenStageRunners> {
  const { env, outbound, log, ledger, settings, transport: anywhere } = context;
  const folder = join(context.dataFolder, 'stages');
  await endLeftPrograms(folder, GRACE_MS);
  const publicOnly = createTransport(outbound, isPublicAddress);
  const command = {
    folder,
    programsFolder: dirname(settingsFileOf(env)),
    env: env.forPrograms,
    graceMs: GRACE_MS,
    warn: (sentence: string) => log.warn(sentence),
  };
  const now = () => ledger.clock.now();
  const http = { publicOnly, anywhere, env: env.forPrograms, now };
  const mcp = { mcp: context.mcp, openMs: settings.timeouts.answerMs, now };
  const runners = { command: commandRunner(command), http: httpRunner(http), mcp: mcpRunner(mcp) };
  const lookups = { command: commandLookup(command), http: httpLookup(http), mcp: mcpLookup(mcp) };
  const visits = createVisitDoor({
    ...outbound,
    timeoutMs: settings.timeouts.answerMs,
    limitBytes: PAGE_BYTES,
  });
  return {
    runners,
    lookups,
    visits,
    async close() {
      await publicOnly.close();
      await visits.close();
    },
  };
}
