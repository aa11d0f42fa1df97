// Which of the account's media is the one that was sent: caption, kind and number of items, and the time (platform
// reference 2.4). What is only alike is doubt. Pure.
import { decodeHTML } from 'entities';
import { likeness } from '../../domain/reconcile/likeness.ts';
import type { SentIntent } from '../create-and-look.ts';
import type { Markers } from './markers.ts';
import type { Media } from './wire.ts';

/** Clocks differ, and Instagram's instants are whole seconds. */
const SKEW_MS = 2 * 60_000;

/** A request that left before its deadline takes effect soon after it or never. */
const LATEST_EFFECT_MS = 10 * 60_000;

/** The kinds that Instagram documents; any other word may stand for ours. */
const KINDS: ReadonlySet<string> = new Set(['IMAGE', 'VIDEO', 'CAROUSEL_ALBUM']);

/** The earliest instant at which the post can be listed. */
export function listedSince(intent: SentIntent): Date {
  return new Date(intent.sentAt.getTime() - SKEW_MS);
}

/** The media nearest to the moment of sending among those that fit; never one that another schedule already has. */
export function matchMedia(listed: readonly Media[], markers: Markers, intent: SentIntent): Media | undefined {
  const distanceMs = ({ timestamp }: Media) => Math.abs((timestamp?.getTime() ?? 0) - intent.sentAt.getTime());
  return listed
    .filter((media) => isFree(media, intent) && inTime(media, intent) && isOurs(media, markers))
    .sort((a, b) => distanceMs(a) - distanceMs(b))[0];
}

/**
 * A media that may be ours without being known for it: nearly our caption in the time of ours, or at an instant nobody
 * tells; or just our caption, and later than a create of ours should take effect.
 */
export function likeOurs(listed: readonly Media[], markers: Markers, intent: SentIntent): Media | undefined {
  return listed.find((media) => {
    const { timestamp, caption } = media;
    if (!isFree(media, intent) || !mayBeOfKind(media, markers)) return false;
    if (timestamp && timestamp < listedSince(intent)) return false;
    if (!timestamp || inTime(media, intent)) return likeness(markers.caption, caption ?? '') === 'alike';
    return isSameCaption(caption, markers.caption);
  });
}

/** Media of the time in which ours can stand, those whose time nobody tells among them. */
export function inOurTime(listed: readonly Media[], intent: SentIntent): Media[] {
  return listed.filter(
    (media) => isFree(media, intent) && (!media.timestamp || media.timestamp >= listedSince(intent)),
  );
}

function isFree({ id }: Media, { takenPostIds }: SentIntent): boolean {
  return !takenPostIds.has(id);
}

function inTime({ timestamp }: Media, intent: SentIntent): boolean {
  if (!timestamp) return false;
  return timestamp >= listedSince(intent) && timestamp.getTime() <= intent.sendDeadline.getTime() + LATEST_EFFECT_MS;
}

function isOurs({ media_type, caption, children }: Media, { mediaType, caption: ours, childCount }: Markers): boolean {
  return (
    media_type === mediaType &&
    isSameCaption(caption, ours) &&
    (childCount === 0 || !children || children.data.length === childCount)
  );
}

function mayBeOfKind({ media_type }: Media, { mediaType }: Markers): boolean {
  return !media_type || media_type === mediaType || !KINDS.has(media_type);
}

function isSameCaption(theirs: string | null | undefined, ours: string): boolean {
  return plain(theirs ?? '') === plain(ours);
}

/**
 * Instagram gives captions back with line ends, blanks, HTML entities and composed letters of its own choosing: captions
 * that differ in nothing else are the same. Any other difference, be it in case, signs or joined emoji, is doubt.
 */
function plain(caption: string): string {
  return decodeHTML(caption).normalize('NFC').replace(/\s+/gu, ' ').trim();
}
