// What the tests of the X adapter share: an account, a grant, a post, and answers as X gives them.

import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import type { AccountView, Grant, Json, PostToPublish } from '../../../src/platforms/sessions.ts';
import type { Reader } from '../../../src/platforms/x/problem.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';

export const ALL_SCOPES = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'];

export const GRANT: Grant = { accessToken: 'access-token-of-the-test', refreshToken: 'refresh-token-of-the-test' };

export const NOW = new Date('2026-11-21T08:00:00.000Z');

/** A reader of refusals on an account with these scopes, at 08:00. */
export function reader(scopes: readonly string[] = ALL_SCOPES): Reader {
  return { account: { scopes }, grant: GRANT, now: () => NOW };
}

export function account(more: Partial<AccountView> = {}): AccountView {
  const shared = { id: 'account-1', name: 'ada', remoteId: '1600000000000000001', apiBase: 'http://127.0.0.1:9' };
  return { ...shared, scopes: ALL_SCOPES, ...more };
}

export function post(
  text: string,
  media: readonly MediaItem[] = [],
  options: Readonly<Record<string, Json>> = {},
): PostToPublish {
  const content = { text, media: [...media] };
  const ids = { workspaceId: 'workspace-1', scheduleId: 'schedule-1', fingerprint: 'f'.repeat(64) };
  return { ...ids, content, options, takenInAt: NOW, firstCreate: null };
}

export const PHOTO: MediaItem = { url: 'https://media.test/a.jpg', mediaType: 'image/jpeg', sizeBytes: 3_000 };
export const GIF: MediaItem = { url: 'https://media.test/a.gif', mediaType: 'image/gif', sizeBytes: 3_000 };
export const VIDEO: MediaItem = { url: 'https://media.test/a.mp4', mediaType: 'video/mp4', sizeBytes: 3_000 };

/** An answer with a JSON body, or with a text as it stands. */
export function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(text) };
}
