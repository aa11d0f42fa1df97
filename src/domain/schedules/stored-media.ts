// The address of a file that lies in the media store: `media:` and the SHA-256 of its bytes.

const STORED = /^media:([0-9a-f]{64})$/;

/** The SHA-256, in hex, of the stored file that an address names; null when it names none. */
export function storedSha256(address: string): string | null {
  return STORED.exec(address)?.[1] ?? null;
}

/** The address by which a post names a stored file. */
export function storedAddress(sha256: string): string {
  return `media:${sha256}`;
}

/** What was read from a stored file when it came, beside its type and its size. */
export interface StoredFacts {
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly durationSeconds?: number;
  readonly animated?: boolean;
  readonly codecs?: readonly string[];
}
