// What distinguishes two versions of a post; what was approved as the one is not approved as the other (law 7).
import type { Content, Delivery } from './post.ts';

/** In the order in which one is named. */
export const VERSION_CHANGES = [
  'content_changed',
  'media_changed',
  'target_changed',
  'time_changed',
  'options_changed',
] as const;
export type VersionChange = (typeof VERSION_CHANGES)[number];

export interface Version {
  readonly accountId: string;
  readonly content: Content;
  readonly delivery: Delivery;
}

/** Everything that differs; empty for one and the same version. */
export function versionChanges(before: Version, after: Version): VersionChange[] {
  return VERSION_CHANGES.filter((change) => DIFFERS[change](before, after));
}

const DIFFERS: Record<VersionChange, (before: Version, after: Version) => boolean> = {
  content_changed: (before, after) => before.content.text !== after.content.text,
  media_changed: (before, after) => !same(before.content.media, after.content.media),
  target_changed: (before, after) => before.accountId !== after.accountId,
  time_changed: (before, after) =>
    before.delivery.publishAt !== after.delivery.publishAt ||
    before.delivery.publishBefore !== after.delivery.publishBefore,
  options_changed: ({ delivery: before }, { delivery: after }) =>
    !same([before.options, before.mode, before.approvalRequired], [after.options, after.mode, after.approvalRequired]),
};

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** The database gives objects back with their keys in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
