// The secrets that this process itself holds, by value: kept here by whoever reads one from the environment or opens one, so that what is
// about to be written can be searched for them. Nothing is ever read out.

const MOST = 5_000;
/** Shorter ones stand in harmless text. */
const SHORTEST = 8;
const known = new Set<string>();

/** Keeps them; the oldest go when there are too many. */
export function keepSecrets(values: Iterable<string | undefined>): void {
  for (const value of values) {
    if (value === undefined || value.length < SHORTEST) continue;
    known.delete(value);
    known.add(value);
    const [oldest] = known;
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  }
}

/** Where one of them stands in the text, and how long it is. */
export function* findKnownSecrets(text: string): Generator<{ readonly from: number; readonly length: number }> {
  for (const value of known) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      yield { from: at, length: value.length };
    }
  }
}
