// A Bluesky post and its account as the protocol hands them to the adapter, for tests to vary.
import type { AccountView, Json, PostToPublish } from '../../../src/platforms/sessions.ts';

export const DID = 'did:plc:ewvi7nxzyoun6zhxrhs64oiz';

export function anAccount(facts: Partial<AccountView> = {}): AccountView {
  return { id: 'account-1', name: 'alice', remoteId: DID, apiBase: 'https://pds.example.com', scopes: [], ...facts };
}

interface PostFacts {
  readonly scheduleId?: string;
  readonly text?: string;
  readonly media?: PostToPublish['content']['media'];
  readonly options?: Readonly<Record<string, Json>>;
  readonly firstCreate?: PostToPublish['firstCreate'];
}

export function aPost({
  scheduleId = 'launch-1',
  text = 'Hello',
  media = [],
  options = {},
  firstCreate = null,
}: PostFacts = {}): PostToPublish {
  return {
    workspaceId: 'workspace-1',
    scheduleId,
    fingerprint: 'a'.repeat(64),
    content: { text, media },
    options,
    takenInAt: new Date('2026-06-01T09:00:00.250Z'),
    firstCreate,
  };
}
