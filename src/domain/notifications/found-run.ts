// What is told where a look at a published post finds it changed or gone: once, however often it is found so.
import type { FindingVerdict } from '../pipeline/recheck.ts';
import type { Happening } from './happening.ts';
import { inOneLine, type News } from './telling.ts';
import { ownerWords } from './words.ts';

const FOUND: Readonly<Record<FindingVerdict, string>> = {
  changed: 'its post has changed since it was published',
  gone: 'its post is gone since it was published',
};

/** Null: it was found so before, or stands so no more. */
export function foundRunNews({ payload, position, found }: Happening): News | null {
  const finding = found?.finding ?? null;
  if (found === null || finding === null) return null;
  if (payload.verdict !== finding.verdict || payload.before === finding.verdict) return null;
  const { id, pipeline, title, slug } = found;
  const { verdict, address, cause, nextStep } = finding;
  return {
    key: `found_run/${id}/${position}`,
    events: ['needs_person'],
    headline: `Run "${inOneLine(title ?? slug)}" of ${pipeline}: ${FOUND[verdict]}`,
    lines: [
      { text: inOneLine(cause.text), href: address },
      { text: 'Nothing was changed there, and nothing is published again by itself.' },
      { text: ownerWords(finding) },
      { text: `Next: ${nextStep}`, href: `/runs/${id}` },
    ],
    subject: { runId: id, cause: cause.code },
  };
}
