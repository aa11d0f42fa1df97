// A session of one Instagram account for these tests: what differs per test is named, the rest is plain.
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import type { Grant, Json, PostToPublish } from '../../../src/platforms/sessions.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';

export const TOKEN = 'IGAAtestTokenThatMustNeverBeSeen0123456789';
export const FINGERPRINT = 'a'.repeat(64);

export interface Situation {
  readonly apiBase?: string;
  readonly remoteId?: string;
  readonly grant?: Grant;
  readonly text?: string;
  readonly media?: readonly MediaItem[];
  readonly options?: Readonly<Record<string, Json>>;
  readonly fingerprint?: string;
  /** An earlier create of the post that may have left. */
  readonly firstCreate?: PostToPublish['firstCreate'];
  readonly saved?: Map<string, Json>;
  readonly mediaProcessingMs?: number;
  readonly timeoutMs?: number;
}

/** A picture Instagram takes. */
export function picture(name = 'sunrise'): MediaItem {
  return { url: `https://media.example/${name}.jpg`, mediaType: 'image/jpeg', sizeBytes: 200_000 };
}

/** A video Instagram takes. */
export function video(name = 'walk'): MediaItem {
  return {
    url: `https://media.example/${name}.mp4`,
    mediaType: 'video/mp4',
    sizeBytes: 4_000_000,
    durationSeconds: 12,
  };
}

/** Opens a session; close it at the end of the test. */
export function openInstagram(situation: Situation = {}): AdapterSession {
  return openAdapterSession({
    account: {
      id: 'account-1',
      name: 'sandbox-instagram',
      remoteId: situation.remoteId ?? '17841400000000001',
      apiBase: situation.apiBase ?? 'https://graph.instagram.com/v25.0',
      scopes: ['instagram_business_basic', 'instagram_business_content_publish'],
    },
    post: {
      workspaceId: 'workspace-1',
      scheduleId: 'schedule-1',
      fingerprint: situation.fingerprint ?? FINGERPRINT,
      content: { text: situation.text ?? 'Good morning', media: [...(situation.media ?? [picture()])] },
      options: situation.options ?? {},
      takenInAt: new Date('2026-03-01T06:00:00Z'),
      firstCreate: situation.firstCreate ?? null,
    },
    grant: situation.grant ?? { accessToken: TOKEN },
    ...(situation.saved === undefined ? {} : { saved: situation.saved }),
    ...(situation.mediaProcessingMs === undefined ? {} : { mediaProcessingMs: situation.mediaProcessingMs }),
    ...(situation.timeoutMs === undefined ? {} : { timeoutMs: situation.timeoutMs }),
  });
}
