// An account of a site for tests of its adapter: connected as a person would, its tools allowed as they are then.
import type { McpServerPolicy } from '../../../src/domain/mcp/server.ts';
import type { CreateReading, SentIntent } from '../../../src/platforms/create-and-look.ts';
import { adapter } from '../../../src/platforms/mcp/adapter.ts';
import type { Grant, Json, PlatformSession } from '../../../src/platforms/sessions.ts';
import type { ToolExchange } from '../../../src/transport/exchange.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';

export const SLUG = 'as-planned';
const TAKEN_IN = new Date('2026-11-20T08:00:00Z');

export interface SiteSession {
  readonly policy: McpServerPolicy;
  readonly grant?: Grant;
  readonly options?: Readonly<Record<string, Json>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export function siteSession({
  policy,
  grant,
  options = {},
  variables = {},
  timeoutMs = 3_000,
}: SiteSession): AdapterSession {
  return openAdapterSession({
    account: { id: 'account-1', name: 'Site', remoteId: policy.name, apiBase: 'mcp:', scopes: [] },
    grant: grant ?? { accessToken: '', identifier: policy.name },
    post: {
      workspaceId: 'w',
      scheduleId: 's',
      fingerprint: 'f'.repeat(64),
      content: { text: 'Hello *there*', media: [] },
      options: { title: 'As planned', slug: SLUG, ...options },
      takenInAt: TAKEN_IN,
      firstCreate: null,
    },
    servers: { [policy.name]: policy },
    variables: { PATH: process.env.PATH ?? '', ...variables },
    timeoutMs,
  });
}

/** Allows the server's tools as they are now. */
export async function allowed(facts: SiteSession): Promise<Grant> {
  const session = siteSession(facts);
  const { connect } = adapter;
  if (connect.kind !== 'secrets') throw new TypeError('a site is connected by its name');
  const { grant } = await connect.open(session);
  await session.close();
  return grant;
}

/** What the protocol makes of an exchange: a complete answer is read, anything else stays what it is. */
export function readAs(exchange: ToolExchange, session: PlatformSession): CreateReading | { readonly kind: string } {
  return exchange.kind === 'answer' || exchange.kind === 'tool_answer'
    ? adapter.readCreate(exchange, session)
    : exchange;
}

/** A create that may have left, as the ledger would hold it. */
export function sentIntent(session: PlatformSession, more: Partial<SentIntent> = {}): SentIntent {
  const { markers } = adapter.create(session);
  return { sentAt: TAKEN_IN, sendDeadline: TAKEN_IN, markers, takenPostIds: new Set(), ...more };
}
