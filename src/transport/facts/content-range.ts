// The header by which a server says which part of a file it sends (RFC 9110, 14.4).

export interface ContentRange {
  /** Where the part begins; null where no part is sent. */
  readonly from: number | null;
  /** How long the file is; null when the server does not say. */
  readonly total: number | null;
}

/** Reads `bytes 0-65535/2500000`, `bytes 0-99/*` or `bytes *\/0`; null for anything else. */
export function contentRange(header: string | string[] | undefined): ContentRange | null {
  const found = /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/i.exec(String(header ?? '').trim());
  if (!found) return null;
  return {
    from: found[1] === undefined ? null : Number(found[1]),
    total: found[2] === '*' ? null : Number(found[2]),
  };
}
