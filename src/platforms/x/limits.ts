// What X takes and how long it keeps it: the numbers of its documentation, each with its unit.
const MIB = 1024 ** 2;

/** Limits of one post on X. The video limits are the conservative ones that hold for every account. */
export const X_LIMITS = {
  /** Weighted characters of an account without Premium. */
  textWeight: 280,
  /** The longest text any Premium account may post, in weighted characters. */
  premiumTextWeight: 25_000,
  photos: 4,
  imageBytes: 5 * MIB,
  gifBytes: 15 * MIB,
  gifWidthPx: 1_280,
  gifHeightPx: 1_080,
  videoBytes: 512 * MIB,
  videoMinSeconds: 0.5,
  videoMaxSeconds: 140,
  /** The longer side of a video over the shorter one. */
  videoMaxAspect: 3,
  /** H.264 and AAC. */
  videoCodecs: ['avc', 'aac'],
  altTextChars: 1_000,
} as const;

/** Of one user (platform reference, X, 1.6); the app's 10,000 a day are wider than this for each of its accounts. */
export const CREATE_QUOTAS = [{ posts: 100, withinMs: 15 * 60_000 }] as const;

/** The size of one appended segment; X's cap is 5 MB. */
export const SEGMENT_BYTES = 4 * MIB;

/** X keeps an upload for about a day, whatever longer time its first answer names. */
export const MEDIA_LIFETIME_MS = 24 * 3_600_000;

/** The public address of a post; X forwards it to the author's own. */
export function postUrl(postId: string): string {
  return `https://x.com/i/web/status/${postId}`;
}
