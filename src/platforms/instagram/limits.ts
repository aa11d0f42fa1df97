// What Instagram takes, as published (platform reference 2.7).
const MIB = 1024 ** 2;

export const INSTAGRAM_LIMITS = {
  /** The documents say 50 and 100, accounts in the field say 50 (platform reference 2.6). */
  createQuotas: [{ posts: 50, withinMs: 24 * 3_600_000 }],
  captionChars: 2_200,
  hashtags: 30,
  mentions: 20,
  mediaItems: 10,
  altTextChars: 1_000,
  imageBytes: 8 * MIB,
  /** Width divided by height: 4:5 to 1.91:1. */
  imageRatio: { min: 0.8, max: 1.91 },
  videoBytes: 300 * MIB,
  videoSeconds: { min: 3, max: 900 },
  videoWidthPx: 1_920,
  /** H.264 or HEVC, and AAC. */
  videoCodecs: ['avc', 'hevc', 'aac'],
  videoRatio: { min: 0.01, max: 10 },
} as const;
