// The limits of a destination for one media item as data, and the words for them beside what the file really is.

/** What a limit is about; `shape` is the width over the height. Names are those of a media item's fields. */
export const LIMITED_FACTS = {
  mediaType: 'Type',
  sizeBytes: 'Size',
  widthPx: 'Width',
  heightPx: 'Height',
  shape: 'Width to height',
  durationSeconds: 'Duration',
  codecs: 'Codecs',
  altText: 'Alternative text',
} as const;
export type LimitedFact = keyof typeof LIMITED_FACTS;

/** One limit, in the unit of its fact: bytes, pixels, seconds, characters, or none for a shape. */
export interface MediaLimit {
  readonly fact: LimitedFact;
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
}

const MIB = 1024 ** 2;

/** A size as people read it: `5 MiB`, `2,000,000 bytes`. */
export function sizeWords(bytes: number): string {
  if (bytes >= MIB) return `${Number((bytes / MIB).toFixed(2))} MiB`;
  return bytes >= 1024 ? `${Number((bytes / 1024).toFixed(1))} KiB` : `${bytes} bytes`;
}

/** The names that people know, of those in WebCodecs' registry that have another one there. */
const CODEC_NAMES: ReadonlyMap<string, string> = new Map([
  ['avc', 'H.264'],
  ['hevc', 'HEVC'],
]);

/** A codec as people read it: `H.264`, `AAC`. */
export function codecWords(codec: string): string {
  return CODEC_NAMES.get(codec) ?? codec.toUpperCase();
}

const UNITS: Record<LimitedFact, (value: number) => string> = {
  mediaType: String,
  sizeBytes: sizeWords,
  widthPx: (value) => `${value} px`,
  heightPx: (value) => `${value} px`,
  shape: (value) => `${Number(value.toFixed(2))}:1`,
  durationSeconds: (value) => `${value} s`,
  codecs: String,
  altText: (value) => `${value} characters`,
};

/** What the limit allows, as it stands beside what the file is. */
export function limitWords({ fact, min, max, oneOf }: MediaLimit): string {
  const unit = UNITS[fact];
  if (oneOf !== undefined) return (fact === 'codecs' ? oneOf.map(codecWords) : oneOf).join(' or ');
  if (max === 0) return 'none';
  if (min !== undefined && max !== undefined) return `${unit(min)} to ${unit(max)}`;
  return max === undefined ? `at least ${unit(min ?? 0)}` : `at most ${unit(max)}`;
}
