// The kinds of assets that prose may depend on.

export const ASSET_KINDS = {
  diagram: 'a diagram',
  image: 'an image',
  recording: 'a recording',
  proof: 'a proof: a screenshot, a log, a figure that shows what the prose claims',
} as const;
export type AssetKind = keyof typeof ASSET_KINDS;

export const isAssetKind = (text: string): text is AssetKind => Object.hasOwn(ASSET_KINDS, text);

/** What an asset may be called. */
export const ASSET_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
