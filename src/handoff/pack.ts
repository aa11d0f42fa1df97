// Assembles the handoff pack of a schedule from the ledger and its platform's own way of counting.
import type { Asset, HandoffPack } from '../domain/handoff/pack.ts';
import { HANDOFF_REASONS, readHandoffReason } from '../domain/handoff/reasons.ts';
import type { MediaType } from '../domain/schedules/media-type.ts';
import type { MediaItem } from '../domain/schedules/post.ts';
import { SCHEDULE_STATES } from '../domain/schedules/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ScheduleRow } from '../ledger/schedules/facts.ts';
import { readItem } from '../ledger/schedules/items.ts';
import type { Platforms } from '../platforms/registry.ts';

export interface PackDeps {
  readonly ledger: Ledger;
  readonly platforms: Platforms;
}

/** A pack with the media behind its assets, in the same order. */
export interface OpenPack {
  readonly pack: HandoffPack;
  readonly media: readonly MediaItem[];
}

/** The pack of a schedule, or null when it is not this workspace's. */
export async function openPack(
  { ledger, platforms }: PackDeps,
  workspaceId: string,
  scheduleId: string,
): Promise<OpenPack | null> {
  const facts = await readItem(ledger, workspaceId, scheduleId);
  if (!facts) return null;
  const { schedule, account } = facts;
  const { content, delivery, state, platform } = schedule;
  const adapter = platforms.get(platform);
  const pack: HandoffPack = {
    scheduleId: schedule.id,
    state,
    stateMeans: SCHEDULE_STATES[state].means,
    platform,
    platformLabel: adapter?.label ?? platform,
    account: { id: schedule.accountId, name: account?.name ?? schedule.accountId },
    publishAt: schedule.publishAt.toISOString(),
    handoff: handoffOf(schedule),
    text: content.text,
    textCounts: [...(adapter?.textCounts?.(content.text, delivery.options) ?? [])],
    assets: content.media.map((item, index) => assetOf(schedule.id, item, index)),
    completion: schedule.handoff?.completion ?? null,
  };
  return { pack, media: content.media };
}

function handoffOf({ handoff }: ScheduleRow): HandoffPack['handoff'] {
  if (handoff === null) return null;
  const { reason, note } = readHandoffReason(handoff);
  return { reason, reasonMeans: HANDOFF_REASONS[reason].means, note, owner: handoff.owner };
}

const EXTENSIONS: Record<MediaType, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
};

/** File names are ours: what stands in a user's address may be anything. */
function assetOf(scheduleId: string, { mediaType, sizeBytes, altText }: MediaItem, index: number): Asset {
  const number = index + 1;
  const fileName = `${scheduleId}-${String(number).padStart(2, '0')}.${EXTENSIONS[mediaType]}`;
  return { number, fileName, mediaType, sizeBytes, altText: altText ?? null };
}
