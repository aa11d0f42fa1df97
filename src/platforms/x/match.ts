// Recognises our post among an account's posts: by a medium we uploaded, else by its text as X gives it back; a reply also
// by the post it answers, a quote by the post it quotes. Pure.
import { hasLink } from '../../domain/reconcile/likeness.ts';
import { matchText, type TextMatch } from './shown-text.ts';
import type { TimelinePost } from './timeline-wire.ts';

/** What our post carries. */
export interface Marks {
  readonly text: string;
  readonly hasMedia: boolean;
  /** What X called its media; empty where X said nothing of it. */
  readonly mediaKeys: readonly string[];
  /** The post it replies to, or null. */
  readonly replyTo: string | null;
}

/** The instants between which our post can have been made, in epoch milliseconds, both included. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Our post, `unclear`, or null. It is unclear where a post may be ours and is not surely: its text is ours but for what may
 * have been rewritten or edited since, it shows media that we do not know, or X does not say what it replies to. Such a post
 * is neither adopted nor called another's (law 4). Of several that are surely ours, the oldest is.
 */
export function findOurs(
  posts: readonly TimelinePost[],
  marks: Marks,
  window: Window,
  taken: ReadonlySet<string>,
): TimelinePost | 'unclear' | null {
  const free = posts.filter(({ versions }) => !versions.some((id) => taken.has(id)));
  const judged = free.map((post) => ({ post, verdict: judge(post, marks, window) }));
  const byMedia = judged.filter(({ post, verdict }) => verdict === 'ours' && showsOurs(post, marks));
  const ours = oldest(byMedia) ?? oldest(judged.filter(({ verdict }) => verdict === 'ours'));
  return ours ?? (judged.some(({ verdict }) => verdict === 'unclear') ? 'unclear' : null);
}

type Verdict = 'ours' | 'unclear' | 'other';
type Place = 'ours' | 'another' | 'untold';

function judge(post: TimelinePost, marks: Marks, window: Window): Verdict {
  const isMarked = showsOurs(post, marks);
  if (!isMarked && !madeIn(post, window)) return 'other';
  const place = placeOf(post, marks);
  if (isMarked) return place === 'ours' ? 'ours' : 'unclear';
  if (place === 'another') return 'other';
  const match = matchText(post, marks.text, marks.replyTo !== null);
  if (match.kind === 'exact') return place === 'ours' && hasOurMedia(post, marks, match) ? 'ours' : 'unclear';
  // An edit shows the newest version only: what it said before is not known.
  return match.kind === 'alike' || post.versions.length > 1 ? 'unclear' : 'other';
}

/** Where the post stands: the same words under another post, or above one, are another post. */
function placeOf(post: TimelinePost, marks: Marks): Place {
  if (referencesOf(post, 'retweeted').length > 0) return 'another';
  const under = placeUnder(post, marks);
  return under === 'ours' ? placeAbove(post, marks) : under;
}

function placeUnder(post: TimelinePost, { replyTo, text }: Marks): Place {
  const answered = referencesOf(post, 'replied_to');
  if (replyTo !== null) {
    if (answered.length === 0) return 'untold';
    return answered.includes(replyTo) ? 'ours' : 'another';
  }
  if (answered.length > 0) return 'another';
  // X counts a post that begins with a mention as a reply to the one it mentions.
  return post.repliesToUser && !text.trimStart().startsWith('@') ? 'untold' : 'ours';
}

function referencesOf({ references }: TimelinePost, wanted: string): string[] {
  return references.filter(({ type }) => type === wanted).map(({ id }) => id);
}

/**
 * X makes a quote of a text with a link to a post. A post that quotes one which no link of ours can lead to is not ours; where
 * a link of ours might, behind a short address, nobody knows.
 */
function placeAbove(post: TimelinePost, { text }: Marks): Place {
  const linked = new Set(Array.from(text.matchAll(/\/status(?:es)?\/(\d+)/g), ([, id]) => id));
  if (referencesOf(post, 'quoted').every((id) => linked.has(id))) return 'ours';
  return hasLink(text) ? 'untold' : 'another';
}

function showsOurs({ mediaKeys }: TimelinePost, marks: Marks): boolean {
  return mediaKeys.some((key) => marks.mediaKeys.includes(key));
}

/**
 * Whether the media that the post shows are no reason to doubt. X may call a medium otherwise than it did, and shows the
 * photo of a link.
 */
function hasOurMedia(
  { mediaKeys }: TimelinePost,
  marks: Marks,
  { explained }: Extract<TextMatch, { kind: 'exact' }>,
): boolean {
  if (!marks.hasMedia) return mediaKeys.every((key) => explained.includes(key));
  return marks.mediaKeys.length === 0 && mediaKeys.length > 0;
}

function oldest(judged: readonly { readonly post: TimelinePost }[]): TimelinePost | null {
  return judged.reduce<TimelinePost | null>(
    (first, { post }) => (first === null || BigInt(post.id) < BigInt(first.id) ? post : first),
    null,
  );
}

/** The first millisecond of X's ids, in epoch milliseconds. */
const SNOWFLAKE_EPOCH_MS = 1_288_834_974_657n;

function madeAtById(id: string): number[] {
  return /^\d{1,19}$/.test(id) ? [Number((BigInt(id) >> 22n) + SNOWFLAKE_EPOCH_MS)] : [];
}

/** The instants of a post, in epoch milliseconds: as X says, and as the ids of its versions tell. */
export function instantsOf({ createdMs, versions }: TimelinePost): number[] {
  return [...(createdMs === undefined ? [] : [createdMs]), ...versions.flatMap(madeAtById)];
}

function madeIn(post: TimelinePost, { fromMs, toMs }: Window): boolean {
  return instantsOf(post).some((madeMs) => madeMs >= fromMs && madeMs <= toMs);
}
