// Fills the sandbox workspace on the first start: accounts, apps, an API key for the command line, and the practice night.
import type { Client } from '@temporalio/client';
import type { Context } from '../boot/context.ts';
import { API_SCOPES } from '../domain/api/api-scopes.ts';
import { SYSTEM_ACTOR } from '../domain/people/actor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findSchedule } from '../ledger/schedules/schedules.ts';
import { createApiKey, findApiKey, revokeApiKey } from '../ledger/workspaces/api-keys.ts';
import { ensureWorkspace } from '../ledger/workspaces/workspaces.ts';
import { takeIn } from '../publishing/intake/intake.ts';
import { startPublish } from '../publishing/workflows/start-workflow.ts';
import { readIfThere, writePrivateFile } from '../runtime/private-file.ts';
import { createSandboxControl, type SandboxControl } from '../sandbox/control.ts';
import { type PracticeRooms, practiceAccount } from './accounts.ts';
import { apiKeyFile } from './api-key-file.ts';
import { pageOrigins, practiceApps } from './apps.ts';
import { type PracticePublish, practiceNight, type Samples } from './night.ts';

export const PRACTICE_WORKSPACE = 'sandbox';
const COMMAND_LINE = 'command line';

/** Makes the practice; what is there already is left as it is. Its workflows have the workspace's name in their ids. */
export async function makePractice(
  context: Context,
  client: Client,
  sandboxUrl: string,
  workspace = PRACTICE_WORKSPACE,
): Promise<void> {
  const { ledger, env } = context;
  const { id: workspaceId } = await ensureWorkspace(ledger, workspace);
  await ensureCommandLineKey(ledger, workspaceId, apiKeyFile(env.ONCEPOST_DATA));
  const rooms = { ledger, sandbox: createSandboxControl(sandboxUrl), sandboxUrl, workspaceId };
  await practiceApps(rooms, pageOrigins(env));
  const night = practiceNight(await readSamples(sandboxUrl), ledger.clock.now());
  // Times of the night are counted from now, so what was made before would be another post.
  const missing: PracticePublish[] = [];
  for (const publish of night) {
    if (!(await findSchedule(ledger, workspaceId, publish.request.id))) missing.push(publish);
  }
  await setTheStage(rooms, missing);
  for (const { request } of missing) {
    const taken = await takeIn({ ...context, workspaceId, actor: SYSTEM_ACTOR }, request);
    if (taken.created) await startPublish(client, context, { ...taken, workspaceId });
  }
}

/** The key that commands on this machine use. One that an earlier version made may do less than they need; another's is left alone. */
async function ensureCommandLineKey(ledger: Ledger, workspaceId: string, file: string): Promise<void> {
  const stored = await readIfThere(file);
  const known = stored === undefined ? null : await findApiKey(ledger, stored.trim());
  const ours = known?.name === COMMAND_LINE && known.workspaceId === workspaceId;
  if (stored !== undefined && !(ours && API_SCOPES.some((scope) => !known.scopes.includes(scope)))) return;
  const wanted = { workspaceId, name: COMMAND_LINE, scopes: API_SCOPES, actor: SYSTEM_ACTOR };
  const { key } = await createApiKey(ledger, wanted);
  await writePrivateFile(file, key);
  if (known) await revokeApiKey(ledger, workspaceId, known.id, SYSTEM_ACTOR);
}

async function setTheStage(rooms: PracticeRooms, night: readonly PracticePublish[]): Promise<void> {
  const accounts = new Map<string, string>();
  for (const { platform, request } of night) {
    if (accounts.has(request.account)) continue;
    accounts.set(request.account, (await practiceAccount(rooms, { platform, name: request.account })).id);
  }
  for (const publish of night) await setTrouble(rooms.sandbox, publish, accounts.get(publish.request.account) ?? '');
}

async function setTrouble(
  sandbox: SandboxControl,
  { platform, faults = [], revoked }: PracticePublish,
  account: string,
): Promise<void> {
  for (const fault of faults) await sandbox.addFault({ platform, account, ...fault });
  if (revoked) await sandbox.changeTokens(account, { action: 'revoke' });
}

async function readSamples(sandboxUrl: string): Promise<Samples> {
  const sample = async (name: string) => {
    const url = `${sandboxUrl}/media/${name}`;
    return { url, sizeBytes: (await (await fetch(url)).arrayBuffer()).byteLength };
  };
  return {
    'sample.jpg': await sample('sample.jpg'),
    'second.jpg': await sample('second.jpg'),
    'sample.png': await sample('sample.png'),
  };
}
