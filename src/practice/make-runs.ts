// Makes the practice runs in the sandbox workspace, and brings each as far as it is to be: they really run, on whatever workers there are.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Context } from '../boot/context.ts';
import { connectWithSecrets } from '../connections/connect-with-secrets.ts';
import { SYSTEM_ACTOR } from '../domain/people/actor.ts';
import type { Caller } from '../domain/people/caller.ts';
import type { RunMessageName } from '../domain/pipeline/run-messages.ts';
import type { RunView } from '../domain/pipeline/run-view.ts';
import { accountsOf } from '../ledger/accounts/accounts.ts';
import { listRuns } from '../ledger/runs/runs.ts';
import { ensureWorkspace } from '../ledger/workspaces/workspaces.ts';
import { startRun, takeInRun } from '../pipeline/runs/start-run.ts';
import { decideOnRun, steerRun } from '../pipeline/runs/steer-run.ts';
import { viewRun } from '../pipeline/runs/view-run.ts';
import { createSandboxControl, type SandboxControl } from '../sandbox/control.ts';
import { PRACTICE_WORKSPACE } from './make-practice.ts';
import { APPROVE, PRACTICE_PIPELINE, PRACTICE_SITE, WRITE } from './pipeline.ts';
import { type PracticeRun, practiceRuns, practiceStep } from './runs.ts';

/** A practice run does not get where it is to be: what was made stays, and making them again goes on with it. */
class PracticeStuck extends Error {
  override readonly name = 'PracticeStuck';
}

/** All stages of one run take some seconds; a worker may have to start first. */
const EACH_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 200;
const RUNS_LOOKED_AT = 200;

interface Rooms {
  readonly context: Context & { readonly client: Client };
  readonly sandbox: SandboxControl;
  /** The sandbox's id of the site. */
  readonly siteId: string;
  readonly caller: Caller;
}

/** Makes them, one after another; what is there already goes on from where it stands. @throws PracticeStuck */
export async function makePracticeRuns(context: Context, client: Client, sandboxUrl: string): Promise<void> {
  const { id: workspaceId } = await ensureWorkspace(context.ledger, PRACTICE_WORKSPACE);
  const sandbox = createSandboxControl(sandboxUrl);
  const siteId = await practiceSite(context, sandbox, workspaceId);
  const caller: Caller = {
    kind: 'key',
    workspaceId,
    workspaceName: PRACTICE_WORKSPACE,
    actor: SYSTEM_ACTOR,
    scopes: [],
  };
  const rooms: Rooms = { context: { ...context, client }, sandbox, siteId, caller };
  for (const run of practiceRuns(sandboxUrl)) await bringOn(rooms, run, await begun(rooms, run));
}

/** The site in the sandbox and the account on it, each made where it is missing. */
async function practiceSite(context: Context, sandbox: SandboxControl, workspaceId: string): Promise<string> {
  const platform = 'site';
  const known = (await sandbox.accounts()).find((one) => one.platform === platform && one.name === PRACTICE_SITE);
  const { id } = known ?? (await sandbox.createAccount({ platform, name: PRACTICE_SITE }));
  const connected = (await accountsOf(context.ledger, workspaceId)).some(({ name }) => name === PRACTICE_SITE);
  if (!connected) {
    const secrets = { identifier: PRACTICE_SITE };
    const connector = { workspaceId, actor: SYSTEM_ACTOR };
    await connectWithSecrets(context, connector, { platform: 'mcp', secrets, accountId: null, name: null });
  }
  return id;
}

/** The run's id. A run's id begins with the time when it was started, so an earlier one is known by the rest. */
async function begun({ context, caller }: Rooms, { slug, brief }: PracticeRun): Promise<string> {
  const { workspaceId, actor } = caller;
  const wanted = { workspaceId, pipeline: PRACTICE_PIPELINE, before: null, limit: RUNS_LOOKED_AT };
  const known = (await listRuns(context.ledger, wanted)).find(({ id }) => id.slice('YYYYMMDD-HHMMSS-'.length) === slug);
  if (known) return known.id;
  const request = { pipeline: PRACTICE_PIPELINE, slug, files: { 'brief.md': brief } };
  const taken = await takeInRun(context, { workspaceId, actor }, request);
  await startRun(context, context.client, taken);
  return taken.runId;
}

async function bringOn(rooms: Rooms, run: PracticeRun, runId: string): Promise<void> {
  const { context, caller } = rooms;
  const untilMs = performance.now() + EACH_WITHIN_MS;
  for (;;) {
    const view = await viewRun(context.ledger, { workspaceId: caller.workspaceId, runId });
    const step = view ? practiceStep(run, view) : 'wait';
    if (step === 'done') return;
    if (view && step !== 'wait') await take(step, rooms, run, view);
    if (performance.now() > untilMs) {
      const where = view ? `${view.run.state} at ${view.run.stage}` : 'nowhere';
      throw new PracticeStuck(
        `The practice run ${runId} is still ${where}; making the practice runs again goes on with it.`,
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** What was refused because the run has gone on meanwhile shows at the next look. */
async function take(
  step: 'submit' | 'approve' | 'go_back',
  rooms: Rooms,
  { draft, siteLies }: PracticeRun,
  { run, asks }: RunView,
): Promise<void> {
  const { context, caller } = rooms;
  const say = (name: RunMessageName, body: Readonly<Record<string, unknown>>) =>
    steerRun(context, { caller, runId: run.id, name, body });
  if (step === 'submit') await say('submit', { stage: WRITE, files: { 'draft.md': draft } });
  if (step === 'go_back') await say('retry', { stage: APPROVE });
  if (step !== 'approve' || asks === null) return;
  if (siteLies) await haveTheSiteLie(rooms);
  const request = { verdict: 'approved', expectedFingerprint: asks.fingerprint } as const;
  await decideOnRun(context, { caller, runId: run.id, request });
}

/** Two looks come before the create; the next would see through the lie at once, and the run would heal by itself. */
const LOOKS_BEFORE = 2;

/** Once: a lie that nobody has met yet is not told twice. */
async function haveTheSiteLie({ sandbox, siteId }: Rooms): Promise<void> {
  const waiting = (await sandbox.faults(siteId)).some(({ timesLeft, cancelled }) => timesLeft !== 0 && !cancelled);
  if (waiting) return;
  const at = { platform: 'site', account: siteId } as const;
  await sandbox.addFault({
    ...at,
    call: 'get_post',
    fault: { kind: 'refuse_before', preset: 'failed' },
    skip: LOOKS_BEFORE,
  });
  await sandbox.addFault({ ...at, call: 'create_post', fault: { kind: 'lying_refusal' } });
}
