// Where the bytes of stored files lie: a folder of this machine, or a bucket that several machines share.

/** The bytes of one file of one workspace, by their SHA-256 in hex. */
export interface Blob {
  readonly workspaceId: string;
  readonly sha256: string;
}

/** A part of a file: both ends included, as in HTTP. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** A file that has arrived whole and is not stored yet. */
export interface Staged {
  /** Puts it where it belongs; the same again changes nothing. */
  place(blob: Blob): Promise<void>;
  /** Takes it away, unless it was placed. */
  discard(): Promise<void>;
}

/** Every function throws StoreAway when folder or bucket cannot be used. */
export interface Blobs {
  /** Makes a file of this machine ready to be placed. It stays the caller's, who removes what is left of it. */
  stage(path: string): Promise<Staged>;
  /** The bytes, or a part of them. @throws BlobMissing */
  read(blob: Blob, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** Removes the bytes; those that are not there are no error. */
  remove(blob: Blob): Promise<void>;
}

/** The media store cannot be used now: what is stored is safe, and nothing was changed. Try again later. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
  constructor(what: string, options: ErrorOptions = {}) {
    super(`The media store cannot be used (${what}); nothing was changed; try it again once that is mended.`, options);
  }
}

/** There is a row and no file behind it: the folder or bucket is not the one that the file was stored in. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
  constructor({ sha256 }: Blob) {
    super(`The stored file ${sha256} is not in the media store; upload it again.`);
  }
}

/** The name of a blob below the store's root; both parts are checked where they come in. */
export function nameOf({ workspaceId, sha256 }: Blob): string {
  return `${workspaceId}/${sha256.slice(0, 2)}/${sha256}`;
}
