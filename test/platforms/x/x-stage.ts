// The stage of the X adapter's tests: the sandbox on a socket, an account on it, a server with media files, and
// sessions as the protocol opens them.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import type { SentIntent } from '../../../src/platforms/create-and-look.ts';
import type { Grant, Json, PostToPublish } from '../../../src/platforms/sessions.ts';
import {
  type AccountCard,
  createSandboxControl,
  type NewAccount,
  type SandboxControl,
} from '../../../src/sandbox/control.ts';
import { makeSamples } from '../../../src/sandbox/media/samples.ts';
import { startSandbox } from '../../../src/sandbox/start.ts';
import { createMediaSource } from '../../../src/transport/media.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';
import { account } from './facts.ts';

/** How a session differs from one that has everything. */
export interface SessionFacts {
  readonly card: AccountCard;
  readonly post: PostToPublish;
  readonly saved?: Map<string, Json>;
  readonly grant?: Grant;
  /** The scopes the ledger holds, where they are not the token's own. */
  readonly scopes?: readonly string[];
  readonly mediaProcessingMs?: number;
  readonly timeoutMs?: number;
}

export interface XStage {
  readonly control: SandboxControl;
  newAccount(more?: Partial<NewAccount>): Promise<AccountCard>;
  session(facts: SessionFacts): AdapterSession;
  /**
   * A media item whose file is served to the adapter: a sample, padded to `sizeBytes` where that is given. With the
   * `url` of an earlier item it takes that one's place.
   */
  file(sample: 'sample.jpg' | 'sample.png' | 'sample.gif' | 'sample.mp4', more?: Partial<MediaItem>): MediaItem;
  close(): Promise<void>;
}

export async function openXStage(): Promise<XStage> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'oncepost-x-'));
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0, dataFolder });
  const control = createSandboxControl(sandbox.url);
  const files = await serveFiles();
  const media = createMediaSource({ userAgent: 'Oncepost/test', allowPrivateHosts: true, timeoutMs: 5_000 });
  const sessions: AdapterSession[] = [];
  return {
    control,
    newAccount: (more = {}) => control.createAccount({ platform: 'x', name: 'Ada', ...more }),
    session: ({ card, scopes, grant = grantOf(card), ...rest }) => {
      const view = account({ remoteId: card.userId, apiBase: `${sandbox.url}/x`, scopes: scopes ?? card.scopes });
      const session = openAdapterSession({ account: view, grant, media, ...rest });
      sessions.push(session);
      return session;
    },
    file: (sample, more = {}) => files.add(sample, more),
    close: async () => {
      await Promise.all([...sessions.map((session) => session.close()), media.close(), files.close()]);
      await sandbox.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

export function grantOf({ accessToken, refreshToken, clientId, clientSecret }: AccountCard): Grant {
  return {
    accessToken,
    refreshToken: refreshToken ?? undefined,
    clientId,
    clientSecret: clientSecret ?? undefined,
  };
}

/** The intent of a create that left just now. */
export function sentNow(
  session: AdapterSession,
  markers: SentIntent['markers'],
  taken: readonly string[] = [],
): SentIntent {
  const sentAt = session.now();
  return { sentAt, sendDeadline: new Date(sentAt.getTime() + 30_000), markers, takenPostIds: new Set(taken) };
}

/** Serves files made from the samples, each under an address of its own. */
async function serveFiles() {
  const samples = makeSamples();
  const files = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '');
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    add(sample: string, { sizeBytes, ...more }: Partial<MediaItem>): MediaItem {
      const { type, bytes } = samples.get(sample) ?? { type: '', bytes: Buffer.alloc(0) };
      const padded = Buffer.concat([bytes], sizeBytes ?? bytes.length);
      const path = more.url ? new URL(more.url).pathname : `/${files.size}-${sample}`;
      files.set(path, padded);
      const mediaType = MEDIA_TYPE[type] ?? 'image/jpeg';
      return { url: `http://127.0.0.1:${port}${path}`, mediaType, sizeBytes: padded.length, ...more };
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const MEDIA_TYPE: Readonly<Record<string, MediaItem['mediaType']>> = {
  'image/jpeg': 'image/jpeg',
  'image/png': 'image/png',
  'image/gif': 'image/gif',
  'video/mp4': 'video/mp4',
};
