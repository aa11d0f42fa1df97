// Which words are domains: those under a top-level domain that exists, by the list that Bluesky's own apps use.
import tlds from 'tlds' with { type: 'json' };

const KNOWN: ReadonlySet<string> = new Set(tlds);

/** Whether a lower-case name ends in a top-level domain that exists. */
export function isUnderKnownTld(name: string): boolean {
  return KNOWN.has(name.slice(name.lastIndexOf('.') + 1));
}
