// The secrets that this process itself holds, by value: kept here by whoever reads one from the environment or opens one, so that what is
// about to be written can be searched for them. Nothing is ever read out.

const MOST = 5_000;
/** Shorter ones stand in harmless text. */
const SHORTEST = 8;

/** In the order in which they were kept last. */
const known = new Set<string>();
/** By how they begin: a text is searched once, however many there are. */
const byBeginning = new Map<string, Set<string>>();

/** Keeps them; the oldest go when there are too many. */
export function keepSecrets(values: Iterable<string | undefined>): void {
  for (const value of values) {
    if (value === undefined || value.length < SHORTEST) continue;
    known.delete(value);
    known.add(value);
    const beginning = value.slice(0, SHORTEST);
    byBeginning.set(beginning, (byBeginning.get(beginning) ?? new Set()).add(value));
    const [oldest] = known;
    if (known.size > MOST && oldest !== undefined) forget(oldest);
  }
}

function forget(value: string): void {
  known.delete(value);
  const beginning = value.slice(0, SHORTEST);
  const alike = byBeginning.get(beginning);
  alike?.delete(value);
  if (alike?.size === 0) byBeginning.delete(beginning);
}

/** Where one of them stands in the text, and how long it is. */
export function* findKnownSecrets(text: string): Generator<{ readonly from: number; readonly length: number }> {
  for (let from = 0; from + SHORTEST <= text.length; from += 1) {
    for (const value of byBeginning.get(text.slice(from, from + SHORTEST)) ?? []) {
      if (text.startsWith(value, from)) yield { from, length: value.length };
    }
  }
}
