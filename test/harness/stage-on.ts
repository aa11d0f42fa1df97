// One stage: its own database, task queue, sandbox and workers, on servers that run already.

import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import postgres from 'postgres';
import { type Context, createContext } from '../../src/boot/context.ts';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import type { ScheduleKey } from '../../src/domain/schedules/schedule-key.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { readEnv } from '../../src/runtime/env.ts';
import {
  type AccountCard,
  createSandboxControl,
  type NewAccount,
  type SandboxControl,
} from '../../src/sandbox/control.ts';
import { startProcess, type TestProcess } from './processes.ts';
import { TEMPLATE_DATABASE } from './servers.ts';
import { type SettingChanges, writeSettings } from './settings.ts';
import { shiftedClock } from './shifted-clock.ts';
import { WORKSPACE, workflowIdOf } from './workflow-id.ts';

export interface StageAccount {
  /** The account's id in the ledger. */
  readonly id: string;
  readonly name: string;
  /** The account as the sandbox knows it. */
  readonly card: AccountCard;
}

export interface Stage {
  readonly folder: string;
  readonly databaseUrl: string;
  readonly taskQueue: string;
  readonly env: Readonly<Record<string, string>>;
  /** The ledger and settings, opened in the test's own process, for its public functions. */
  readonly context: Context;
  readonly workspaceId: string;
  readonly temporal: Client;
  readonly sandbox: SandboxControl;
  readonly sandboxUrl: string;
  /** The key of a schedule of this workspace. */
  keyOf(scheduleId: string): ScheduleKey;
  startWorker(env?: Readonly<Record<string, string>>): Promise<TestProcess>;
  /** `url`: where its platform is found, when something stands before the sandbox. */
  connectSandboxAccount(account: NewAccount, url?: string): Promise<StageAccount>;
  /** A person connects the account anew: it gets new tokens. */
  reconnectSandboxAccount(account: StageAccount): Promise<StageAccount>;
  /** Starts a publish as any pipeline does: a bare workflow start with the whole post. */
  startPublish(post: Readonly<Record<string, unknown>>, id?: string): Promise<WorkflowHandle & { scheduleId: string }>;
  status(scheduleId: string): Promise<PublishResult | null>;
  close(): Promise<void>;
}

/** The servers a stage stands on. */
export interface StageServers {
  /** PostgreSQL with the migrated template database. */
  readonly postgresUrl: string;
  readonly temporalAddress: string;
}

/** Opens a stage on running servers; close it at the end. */
export async function openStageOn(
  servers: StageServers,
  changes: SettingChanges = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'oncepost-stage-'));
  const taskQueue = `queue-${randomUUID().slice(0, 8)}`;
  const databaseUrl = await copyDatabase(servers.postgresUrl, taskQueue.replaceAll('-', '_'));
  const env: Record<string, string> = {
    STAGE_FOLDER: folder,
    DATABASE_URL: databaseUrl,
    ONCEPOST_SECRET_KEY: randomBytes(32).toString('base64'),
    ONCEPOST_SETTINGS: writeSettings(folder, taskQueue, changes),
    ONCEPOST_ALLOW_PRIVATE_MEDIA: '1',
    ONCEPOST_MEDIA: join(folder, 'media'),
    ONCEPOST_LOG_LEVEL: 'warn',
    TEMPORAL_ADDRESS: servers.temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    ...more,
  };
  const context = await createContext(readEnv(env), { clock: shiftedClock(folder) });
  const workspaceId = randomUUID();
  await context.ledger.db.insert(workspaces).values({ id: workspaceId, name: WORKSPACE, createdAt: new Date() });
  const sandboxProcess = await startProcess('./sandbox-process.ts', env);
  const sandboxUrl = String(sandboxProcess.ready.url);
  const sandbox = createSandboxControl(sandboxUrl);
  const connection = await Connection.connect({ address: servers.temporalAddress });
  const temporal = new Client({ connection });
  const workers: TestProcess[] = [];
  const rooms = { context, sandboxUrl, workspaceId };
  return {
    folder,
    databaseUrl,
    taskQueue,
    env,
    context,
    workspaceId,
    temporal,
    sandbox,
    sandboxUrl,
    keyOf: (scheduleId) => ({ workspaceId, scheduleId }),
    async startWorker(extra = {}) {
      const worker = await startProcess('./worker-process.ts', { ...env, ...extra });
      workers.push(worker);
      return worker;
    },
    connectSandboxAccount: async (account, url = sandboxUrl) =>
      connectCard({ ...rooms, sandboxUrl: url }, await sandbox.createAccount(account)),
    reconnectSandboxAccount: async ({ card }) => connectCard(rooms, await sandbox.reconnect(card.id)),
    async startPublish(post, id = randomUUID()) {
      const handle = await temporal.workflow.start('publish', {
        workflowId: workflowIdOf(id),
        taskQueue,
        args: [{ schedule: { workspace: WORKSPACE, ...post } }],
      });
      return Object.assign(handle, { scheduleId: id });
    },
    async status(scheduleId) {
      const answer = await temporal.workflow
        .getHandle(workflowIdOf(scheduleId))
        .query<{ result: PublishResult | null }>('status');
      return answer.result;
    },
    async close() {
      for (const worker of workers) await worker.kill();
      await sandboxProcess.kill();
      await connection.close();
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function copyDatabase(postgresUrl: string, name: string): Promise<string> {
  const url = new URL(postgresUrl);
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name} template ${TEMPLATE_DATABASE}`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.href;
}

type Rooms = Pick<Stage, 'context' | 'sandboxUrl' | 'workspaceId'>;

async function connectCard({ context, sandboxUrl, workspaceId }: Rooms, card: AccountCard): Promise<StageAccount> {
  const id = await connectAccount(context.ledger, {
    workspaceId,
    platform: card.platform,
    name: card.name,
    remoteId: card.userId,
    apiBase: `${sandboxUrl}/${card.platform}${card.platform === 'instagram' ? '/v25.0' : ''}`,
    scopes: card.scopes,
    grant: {
      accessToken: card.accessToken,
      ...(card.refreshToken === null ? {} : { refreshToken: card.refreshToken }),
      clientId: card.clientId,
      ...(card.clientSecret === null ? {} : { clientSecret: card.clientSecret }),
    },
    grantExpiresAt: new Date(card.accessExpiresAtMs),
    actor: { type: 'USER', id: 'operator-1', label: 'Olga Operator' },
  });
  return { id, name: card.name, card };
}
