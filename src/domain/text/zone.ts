// Time zones by their IANA names.

/** Offsets are zones to Intl, but not to Temporal, and they know no summer. */
export function isZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
