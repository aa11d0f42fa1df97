// `/runs/{id}/artifacts/{name}`: an artifact as text, whatever it is, and how it differs from the version before.
import { structuredPatch } from 'diff';
import { html } from 'hono/html';
import { type ArtifactRow, artifactsOf } from '../../ledger/runs/artifacts.ts';
import { readArtifact } from '../../pipeline/artifacts/artifact-bytes.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { findRunView } from './run-page.ts';

/** So much of a file is shown; the whole of it is downloaded. */
const SHOWN_CHARS = 200_000;
const DIFFED_WITHIN_MS = 1_000;

/** Registers the page, and the download. */
export function artifactPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/runs/:id/artifacts/:name', allowed('runs.read'), async (c) => {
    const { run } = await findRunView(c, deps);
    const { wanted, before } = await findVersions(c, deps, run.id);
    const text = shown(await readArtifact(deps, wanted.workspaceId, wanted.sha256));
    const earlier = before && shown(await readArtifact(deps, before.workspaceId, before.sha256));
    const body = html`<p class="fact"><a href="/runs">Runs</a> / <a href="/runs/${run.id}">${run.title ?? run.slug}</a></p><h1>${wanted.name}</h1>
<p class="fact">Version ${wanted.version}, ${wanted.mediaType}, ${wanted.sizeBytes} bytes, made ${time(c, wanted.madeAt)} · <code>${wanted.sha256}</code></p>
<p><a href="${withQuery(`/runs/${run.id}/artifacts/${encodeURIComponent(wanted.name)}/file`, { version: String(wanted.version) })}" download>Download</a></p>
${before && earlier !== null && text !== null ? differences(run.id, before, earlier, text) : NOTHING}
${text === null ? html`<p class="empty">It is no text; download it to see it.</p>` : html`<pre class="artifact">${text}</pre>`}`;
    return c.html(page(c, { title: wanted.name, room: '/runs', body }));
  });
  pages.get('/runs/:id/artifacts/:name/file', allowed('runs.read'), async (c) => {
    const { run } = await findRunView(c, deps);
    const { wanted } = await findVersions(c, deps, run.id);
    const bytes = await readArtifact(deps, wanted.workspaceId, wanted.sha256);
    return c.body(new Uint8Array(bytes), 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename="${wanted.name}"`,
      'X-Content-Type-Options': 'nosniff',
    });
  });
}

async function findVersions(c: PageContext, { ledger }: PagesDeps, runId: string) {
  const key = { workspaceId: c.get('caller').workspaceId, runId };
  const all = (await artifactsOf(ledger.db, key)).filter(({ name }) => name === c.req.param('name'));
  const version = c.req.query('version');
  const wanted = version === undefined ? all.at(-1) : all.find((row) => String(row.version) === version);
  if (!wanted) throw nothingHere();
  return { wanted, before: all.find((row) => row.version === wanted.version - 1) ?? null };
}

/** The beginning of it, or null when it is no text. */
function shown(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS)}\n… (the rest is in the file)`;
  } catch {
    return null;
  }
}

function differences(runId: string, before: ArtifactRow, earlier: string, text: string): Html {
  const href = withQuery(`/runs/${runId}/artifacts/${encodeURIComponent(before.name)}`, {
    version: String(before.version),
  });
  const patch = structuredPatch('', '', earlier, text, undefined, undefined, { context: 2, timeout: DIFFED_WITHIN_MS });
  const heading = html`<h2>Against <a href="${href}">version ${before.version}</a></h2>`;
  if (!patch) return html`${heading}<p class="empty">The two differ too much to be shown side by side.</p>`;
  if (patch.hunks.length === 0) return html`${heading}<p class="empty">They are the same.</p>`;
  const lines = patch.hunks.flatMap(({ oldStart, newStart, lines: changed }) => [
    html`<span class="place">from line ${oldStart}, now ${newStart}</span>\n`,
    ...changed.map((line) => {
      if (line.startsWith('+')) return html`<ins>${line}</ins>\n`;
      return line.startsWith('-') ? html`<del>${line}</del>\n` : html`${line}\n`;
    }),
  ]);
  return html`${heading}<pre class="diff">${lines}</pre><h2>As it is now</h2>`;
}
