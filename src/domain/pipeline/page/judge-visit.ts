// What one look at a published post comes to. What could not be read says nothing of the post: neither that it is gone, nor that it
// is another.
import type { LookFound } from '../recheck.ts';
import { VISIT_PROBLEMS } from './fetched-page.ts';
import { type CheckRow, type LiveInput, liveChecks, wrongWords } from './live-checks.ts';

/** The statuses by which a site says that nothing stands there, rather than that it cannot answer. */
const GONE: ReadonlySet<number> = new Set([404, 410]);

/** `counts`: the checks that are asked of this post; `rows`: what those came to. */
export function judgeVisit(
  input: LiveInput,
  { rows, counts }: { readonly rows: readonly CheckRow[]; readonly counts: (row: CheckRow) => boolean },
): LookFound {
  const { status, problem } = input.fetched;
  if (status !== null && GONE.has(status)) return { verdict: 'gone', says: `The address answers ${status}.` };
  if (problem !== null) return { verdict: 'unreadable', says: VISIT_PROBLEMS[problem] };
  if (status !== 200) return { verdict: 'unreadable', says: `The address answers ${status}, which shows no page.` };
  if (rows.every(({ ok }) => ok)) return { verdict: 'live', says: `All ${rows.length} checks hold.` };
  const told = liveChecks({ ...input, images: input.images.map(asIfThere) }).filter(counts);
  const wrong = told.filter(({ ok, seen }) => !ok && seen !== null);
  if (wrong.length > 0) return { verdict: 'changed', says: wrongWords(rows).text };
  return told.every(({ ok }) => ok)
    ? { verdict: 'unreadable', says: 'The page is as it was published, but some of its images could not be asked.' }
    : { verdict: 'unreadable', says: VISIT_PROBLEMS.unreadable };
}

/** An image that gave no answer may be there. */
function asIfThere(image: LiveInput['images'][number]): LiveInput['images'][number] {
  return image.status !== null && GONE.has(image.status) ? image : { ...image, status: 200 };
}
