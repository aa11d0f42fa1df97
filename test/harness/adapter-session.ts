// A platform session over the real transport, for tests that drive one adapter without the ledger: remote ids live in
// a map, waits are real, and the create is sent as the protocol sends it.

import type { PlatformAdapter } from '../../src/platforms/contract.ts';
import type { AccountView, Grant, Json, PlatformSession, PostToPublish } from '../../src/platforms/sessions.ts';
import { leasedMedia } from '../../src/publishing/session/media.ts';
import type { Settings } from '../../src/runtime/settings/settings.ts';
import type { ToolExchange } from '../../src/transport/exchange.ts';
import { createMcpDoor } from '../../src/transport/mcp/door.ts';
import type { OpenMediaSource } from '../../src/transport/media.ts';
import { createTransport } from '../../src/transport/send.ts';

export interface AdapterSession extends PlatformSession {
  readonly saved: Map<string, Json>;
  readonly reached: string[];
  /** Sends the adapter's create once, through its gate. */
  sendCreate(adapter: PlatformAdapter): Promise<ToolExchange>;
  close(): Promise<void>;
}

interface Facts {
  readonly account: AccountView;
  readonly post: PostToPublish;
  readonly grant: Grant;
  readonly media?: Pick<OpenMediaSource, 'chunks'>;
  readonly saved?: Map<string, Json>;
  readonly mediaProcessingMs?: number;
  readonly timeoutMs?: number;
  readonly now?: () => Date;
  /** The MCP servers of the settings. */
  readonly servers?: Settings['mcpServers'];
  readonly variables?: Readonly<Record<string, string>>;
}

const NO_MEDIA: Pick<OpenMediaSource, 'chunks'> = {
  chunks() {
    throw new TypeError('this test has no media');
  },
};

/** An attempt that nobody takes away; its pictures leave as they lie there. */
const KEPT = { assertInTime: () => {}, ended: new AbortController().signal };

/** Opens a session on one account; close it at the end of the test. */
export function openAdapterSession(facts: Facts): AdapterSession {
  const outbound = { userAgent: 'Oncepost/test' };
  const transport = createTransport(outbound);
  const { servers = {}, variables = {} } = facts;
  const mcp = createMcpDoor({ servers, transport, outbound, variables });
  const timeoutMs = facts.timeoutMs ?? 2_000;
  const saved = facts.saved ?? new Map<string, Json>();
  const reached: string[] = [];
  const session: AdapterSession = {
    account: facts.account,
    post: facts.post,
    grant: facts.grant,
    media: leasedMedia(facts.media ?? NO_MEDIA, KEPT, 'the platform', { stripMetadata: false }),
    mediaProcessingMs: facts.mediaProcessingMs ?? 5_000,
    saved,
    reached,
    remote: {
      get: (key) => saved.get(key),
      save: async (key, value) => void saved.set(key, value),
      drop: async (key) => void saved.delete(key),
    },
    grantSavedAt: new Date(0),
    now: facts.now ?? (() => new Date()),
    call: (request) => transport.send(request, { timeoutMs }),
    mcp: {
      named: (server) => mcp.named(server),
      tools: (server) => mcp.tools(server, { openMs: timeoutMs, answerMs: timeoutMs }),
      call: (call) => mcp.call(call, { openMs: timeoutMs, answerMs: timeoutMs }),
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    reach: async (point) => void reached.push(point),
    sendCreate: (adapter) => {
      const call = adapter.create(session);
      const gate = { mayLeave: () => true, left: async () => {} };
      return 'request' in call
        ? transport.sendCreate(call.request, { timeoutMs }, gate)
        : mcp.create(call.toolCall, { openMs: timeoutMs, answerMs: timeoutMs }, gate);
    },
    close: () => transport.close(),
  };
  return session;
}
