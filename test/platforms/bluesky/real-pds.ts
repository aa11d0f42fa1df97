// A real PDS behind a fault proxy, a file server for media, and sessions of the adapter on its accounts.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cause } from '../../../src/domain/causes/causes.ts';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import type { CreateReading, SentIntent } from '../../../src/platforms/create-and-look.ts';
import type { Grant, Json, PostToPublish } from '../../../src/platforms/sessions.ts';
import { StepRefused } from '../../../src/platforms/step-errors.ts';
import type { Exchange } from '../../../src/transport/exchange.ts';
import { createMediaSource } from '../../../src/transport/media.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';
import { type FaultProxy, startFaultProxy } from '../../pds/fault-proxy.ts';
import type { PdsAccount, PdsPost } from '../../pds/pds-client.ts';
import { type Pds, startPds } from '../../pds/start-pds.ts';
import { xrpc } from '../../pds/test-calls.ts';
import { listen } from '../../transport/wire-server.ts';
import { anAccount } from './post-on-paper.ts';

interface SessionFacts {
  readonly account?: PdsAccount;
  readonly did?: string;
  readonly grant?: Grant;
  /** What an earlier attempt of the same schedule left in the ledger. */
  readonly saved?: Map<string, Json>;
  readonly timeoutMs?: number;
  /** When the attempt is made; it stands still during one session. */
  readonly now?: Date;
}

export interface RealPds {
  readonly dataFolder: string;
  readonly pds: Pds;
  readonly proxy: FaultProxy;
  readonly alice: PdsAccount;
  /** Serves these bytes and answers their address. */
  file(name: string, bytes: Uint8Array): string;
  /** A session through the proxy, on alice unless told otherwise. */
  open(post: PostToPublish, facts?: SessionFacts): AdapterSession;
  /** Alice's live posts with this text. */
  live(text: string): Promise<PdsPost[]>;
  /** Closes the sessions of one test and lets every call through again. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything; `env` goes to the PDS. */
export async function startRealPds(env: Readonly<Record<string, string>> = {}): Promise<RealPds> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'bluesky-'));
  const pds = await startPds({ dataFolder, env });
  const proxy = await startFaultProxy({ target: pds.url });
  const alice = await pds.createAccount('alice.test');
  const files = new Map<string, Uint8Array>();
  const fileServer = createServer((request, response) => response.end(files.get(request.url ?? '')));
  const filePort = await listen(fileServer);
  const media = createMediaSource({ userAgent: 'Oncepost/test', allowPrivateHosts: true, timeoutMs: 5_000 });
  const sessions: AdapterSession[] = [];
  return {
    dataFolder,
    pds,
    proxy,
    alice,
    file(name, bytes) {
      files.set(`/${name}`, bytes);
      return `http://127.0.0.1:${filePort}/${name}`;
    },
    open(post, { account = alice, did = account.did, grant, saved, timeoutMs = 10_000, now = new Date() } = {}) {
      const view = anAccount({ remoteId: did, apiBase: proxy.url });
      const session = openAdapterSession({
        account: view,
        post,
        media,
        grant: grant ?? { accessToken: account.accessJwt, refreshToken: account.refreshJwt },
        timeoutMs,
        now: () => now,
        ...(saved && { saved }),
      });
      sessions.push(session);
      return session;
    },
    live: async (text) => (await pds.listPosts(alice.did)).filter(({ value }) => textOf(value) === text),
    async reset() {
      proxy.clearFaults();
      await Promise.all(sessions.splice(0).map((session) => session.close()));
    },
    async stop() {
      await media.close();
      await proxy.close();
      fileServer.closeAllConnections();
      fileServer.close();
      await pds.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

function textOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'text' in value ? value.text : undefined;
}

/** Prepares, sends the create once, and reads its answer as the protocol does. */
export async function publish(session: AdapterSession): Promise<CreateReading | Exclude<Exchange, { kind: 'answer' }>> {
  await adapter.prepare(session);
  const exchange = await session.sendCreate(adapter);
  if (exchange.kind === 'not_sent' || exchange.kind === 'no_answer') return exchange;
  const reading = adapter.readCreate(exchange, session);
  for (const key of reading.kind === 'refused' ? (reading.forget ?? []) : []) await session.remote.drop(key);
  return reading;
}

/** The intent of a create that may have left with this session's post. */
export function sentIntent(session: AdapterSession, takenPostIds: readonly string[] = []): SentIntent {
  const sentAt = new Date();
  const { markers } = adapter.create(session);
  return { sentAt, sendDeadline: sentAt, markers, takenPostIds: new Set(takenPostIds) };
}

/** The post of a later attempt, after this session's create may have left. */
export function afterCreate(session: AdapterSession): PostToPublish {
  const { sentAt, markers } = sentIntent(session);
  return { ...session.post, firstCreate: session.post.firstCreate ?? { sentAt, markers } };
}

/** The cause with which a step is refused. */
export async function refusal(step: Promise<unknown>): Promise<Cause> {
  const error = await step.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof StepRefused) return error.cause;
  throw new TypeError(`not refused: ${String(error)}`);
}

/** A token of the account's owner, who may do what an app password may not. */
export async function ownerToken(url: string, { did, password }: PdsAccount): Promise<string> {
  const { body } = await xrpc(url, 'com.atproto.server.createSession', { identifier: did, password });
  return z.object({ accessJwt: z.string() }).parse(body).accessJwt;
}
