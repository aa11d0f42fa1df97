// What an attempt of a stage found out, in words: what stood at the destination, and what a visitor got. All of it stands below as it is
// on record.
import { html } from 'hono/html';
import { z } from 'zod';
import { LIVE_CHECKS } from '../../domain/pipeline/page/live-checks.ts';
import type { RunView } from '../../domain/pipeline/run-view.ts';
import { type Html, NOTHING } from '../shell/parts.ts';

const CHECKS = new Map<string, string>(Object.entries(LIVE_CHECKS));

const pageSchema = z.object({
  id: z.string(),
  slug: z.string(),
  url: z.string().nullable(),
  zones: z.array(z.string()),
  marked: z.boolean(),
});
const standingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ours'), page: pageSchema }),
  z.object({ kind: z.literal('other'), page: pageSchema, why: z.string() }),
]);
const checkSchema = z.object({
  check: z.string(),
  expected: z.string(),
  seen: z.string().nullable(),
  ok: z.boolean(),
});
/** What is not of these forms is shown as it is. */
const evidenceSchema = z.object({
  standing: standingSchema.optional().catch(undefined),
  handedOver: z.boolean().optional().catch(undefined),
  checks: z.array(checkSchema).optional().catch(undefined),
});

type Page = z.infer<typeof pageSchema>;

/** Nothing where it found nothing out. */
export function found({ evidence, outcome }: Pick<RunView['attempts'][number], 'evidence' | 'outcome'>): Html {
  if (Object.keys(evidence).length === 0) return NOTHING;
  const { standing, handedOver, checks } = evidenceSchema.parse(evidence);
  const sent =
    handedOver === true ? html`<p class="means">It was handed over to its publish, which sends it once.</p>` : NOTHING;
  const adopted = outcome === 'already_true';
  return html`${sent}${standing === undefined ? NOTHING : standingWords(standing, adopted)}${checks === undefined ? NOTHING : checkTable(checks)}
<details><summary>What it found, as it is on record</summary><pre>${JSON.stringify(evidence, null, 2)}</pre></details>`;
}

function standingWords(standing: z.infer<typeof standingSchema>, adopted: boolean): Html {
  const { page } = standing;
  if (standing.kind === 'other') return html`<p class="means">${standing.why}: ${where(page)}.</p>`;
  const zone = page.zones.length === 0 ? NOTHING : html`, in ${page.zones.join(', ')}`;
  const maker = page.marked
    ? 'It carries the mark of this post, so an earlier call of this run made it.'
    : 'It carries no mark of this post, so somebody else made it.';
  return html`<p class="means">The planned post stands there: ${where(page)}, page <code>${page.id}</code>${zone}. Its slug, title and text are the planned ones. ${maker}${adopted ? ' It went on record, and nothing was created for it.' : NOTHING}</p>`;
}

function where({ url, slug }: Page): Html {
  return url === null ? html`<code>${slug}</code>` : html`<a href="${url}" rel="noreferrer">${url}</a>`;
}

function checkTable(checks: readonly z.infer<typeof checkSchema>[]): Html {
  const wrong = checks.filter(({ ok }) => !ok).length;
  const says = wrong === 0 ? `All ${checks.length} checks hold.` : `${wrong} of ${checks.length} checks do not hold.`;
  return html`<p class="means">The public page was fetched as a visitor does. ${says}</p>
<details ${wrong === 0 ? NOTHING : html`open`}><summary>The checks</summary>${checkRows(checks)}</details>`;
}

/** Each check with what was expected and seen, as a table. */
export function checkRows(checks: readonly z.infer<typeof checkSchema>[]): Html {
  const rows = checks.map(
    ({ check, expected, seen, ok }) =>
      html`<tr><th scope="row">${CHECKS.get(check) ?? check}</th><td><span class="state${ok ? '' : ' bad'}">${ok ? 'yes' : 'no'}</span></td><td>${expected}</td><td class="said">${seen ?? 'nothing could be seen'}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Checks of the public page"><table><thead><tr><th scope="col">Check</th><th scope="col">Holds</th><th scope="col">Expected</th><th scope="col">Seen</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
