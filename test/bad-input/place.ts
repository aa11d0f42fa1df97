// A workspace with an account on each platform, another workspace beside it, and a server that answers for their posts.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { sql } from 'drizzle-orm';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';

export const OTHER_WORKSPACE = 'neighbours';

export interface Place {
  readonly stage: Stage;
  readonly api: TestApi;
  /** An account of the other workspace. */
  readonly theirAccountId: string;
  /** A key of the other workspace. */
  readonly theirKey: string;
  /** A server whose file at `/<media type>/<size>` is what its path says. */
  readonly mediaUrl: string;
  close(): Promise<void>;
}

/** Opens it with one worker; close it at the end. */
export async function openPlace(): Promise<Place> {
  const stage = await openStage();
  const mediaHost = await serveMedia();
  await stage.startWorker();
  await stage.connectSandboxAccount({ platform: 'x', name: 'on-x' });
  await stage.connectSandboxAccount({ platform: 'instagram', name: 'on-instagram' });
  await stage.connectSandboxAccount({ platform: 'x', name: 'double' });
  await stage.connectSandboxAccount({ platform: 'instagram', name: 'double' });
  await connect(stage, stage.workspaceId, 'on-bluesky');
  const gone = await connect(stage, stage.workspaceId, 'gone');
  await stage.context.ledger.db.execute(sql`update connected_accounts set deleted_at = now() where id = ${gone}`);
  const otherWorkspaceId = randomUUID();
  await stage.context.ledger.db
    .insert(workspaces)
    .values({ id: otherWorkspaceId, name: OTHER_WORKSPACE, createdAt: new Date() });
  const theirAccountId = await connect(stage, otherWorkspaceId, 'theirs');
  const api = await openApi(stage);
  const theirKey = await api.newKey(undefined, otherWorkspaceId);
  return {
    stage,
    api,
    theirAccountId,
    theirKey,
    mediaUrl: mediaHost.url,
    async close() {
      await api.close();
      await mediaHost.close();
      await stage.close();
    },
  };
}

/** An account that is never called: what is refused at the border needs no platform. */
function connect(stage: Stage, workspaceId: string, name: string): Promise<string> {
  return connectAccount(stage.context.ledger, {
    workspaceId,
    platform: 'bluesky',
    name,
    remoteId: `did:plc:${name}`,
    apiBase: 'http://127.0.0.1:1',
    scopes: [],
    grant: { accessToken: 'never-used' },
    grantExpiresAt: null,
    actor: { type: 'USER', id: 'operator-1', label: 'Olga Operator' },
  });
}

/** How files begin; the rest of each is empty. */
const STARTS: Readonly<Record<string, string>> = {
  'image/jpeg': '\xff\xd8\xff\xe0',
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/gif': 'GIF89a',
  'video/mp4': '\0\0\0\x18ftypisom',
  'video/quicktime': '\0\0\0\x14ftypqt  ',
};

async function serveMedia(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [, type, subtype, size = '0'] = (request.url ?? '').split('/');
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const part = Buffer.alloc(Math.min(Number(to) + 1, Number(size)) - Number(from));
    if (from === '0') part.write(STARTS[`${type}/${subtype}`] ?? '', 'latin1');
    const range = `bytes ${from}-${Number(from) + part.byteLength - 1}/${size}`;
    response.writeHead(206, { 'content-type': 'application/octet-stream', 'content-range': range }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
