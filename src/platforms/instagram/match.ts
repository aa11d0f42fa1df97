// Which of the account's media is the one that was sent: caption, kind and number of items, and the time (platform
// reference 2.4). Pure.
import type { SentIntent } from '../contract.ts';
import type { Markers } from './markers.ts';
import type { Media } from './wire.ts';

/** Clocks differ, and Instagram's instants are whole seconds. */
const SKEW_MS = 2 * 60_000;

/** A request that left before its deadline takes effect soon after it or never. */
const LATEST_EFFECT_MS = 10 * 60_000;

/** The earliest instant at which the post can be listed. */
export function listedSince(intent: SentIntent): Date {
  return new Date(intent.sentAt.getTime() - SKEW_MS);
}

/** The media nearest to the moment of sending among those that fit; never one that another schedule already has. */
export function matchMedia(listed: readonly Media[], markers: Markers, intent: SentIntent): Media | undefined {
  const distanceMs = (media: Media) => Math.abs(media.timestamp.getTime() - intent.sentAt.getTime());
  return listed
    .filter((media) => !intent.takenPostIds.has(media.id) && inTime(media, intent) && looksLike(media, markers))
    .sort((a, b) => distanceMs(a) - distanceMs(b))[0];
}

function inTime({ timestamp }: Media, intent: SentIntent): boolean {
  return timestamp >= listedSince(intent) && timestamp.getTime() <= intent.sendDeadline.getTime() + LATEST_EFFECT_MS;
}

function looksLike(media: Media, markers: Markers): boolean {
  return (
    media.media_type === markers.mediaType &&
    plain(media.caption) === plain(markers.caption) &&
    (markers.childCount === 0 || media.children === undefined || media.children.data.length === markers.childCount)
  );
}

/** Instagram gives captions back with other line ends and without blanks around them. */
function plain(caption: string): string {
  return caption.normalize('NFC').replaceAll('\r\n', '\n').trim();
}
