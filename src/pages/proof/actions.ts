// What the forms about proof do.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { html } from 'hono/html';
import { proofExportRequestSchema } from '../../domain/proof/export-request.ts';
import { exportsFolder } from '../../proof/export/bundle-file.ts';
import { requestExport } from '../../proof/export/request-export.ts';
import { proofJwks, rotateProofKey, rotateProofSecret } from '../../proof/keys.ts';
import { verifyBundle } from '../../proof/verify/verify-bundle.ts';
import { newId } from '../../runtime/ids.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { assertOwnForm } from '../session/csrf.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { ACCOUNT_FIELD, PLATFORM_FIELD } from './forms.ts';
import { receiveUpload } from './upload.ts';

/** Registers them. */
export function proofActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/proof/exports', allowed('proof.export'), (c) => ask(c, deps));
  pages.post('/proof/verify', allowed('proof.export'), (c) => verify(c, deps));
  pages.post('/proof/keys', allowed('proof.keys'), (c) => changeKey(c, deps));
  pages.post('/proof/secrets', allowed('proof.keys'), (c) => changeSecret(c, deps));
}

const DAY_MS = 24 * 3_600_000;

async function ask(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const named = (prefix: string) =>
    Object.keys(form).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const request = proofExportRequestSchema.safeParse({
    from: `${form.from}T00:00:00Z`,
    to: dayAfter(form.to ?? ''),
    platforms: named(PLATFORM_FIELD),
    accounts: named(ACCOUNT_FIELD),
  });
  if (!request.success) {
    const text =
      'The days do not make a range, so no bundle was asked for; the first day must not lie after the last, and thirty years are the most.';
    return back(c, deps, { kind: 'refused', text });
  }
  const reply = await requestExport(deps, { caller: c.get('caller'), request: request.data, id: newId() });
  return reply.kind === 'asked'
    ? back(c, deps, { kind: 'done', text: 'The bundle is being made; it appears below.' })
    : back(c, deps, {
        kind: 'refused',
        text: 'One of the accounts is gone, so no bundle was asked for; choose again.',
      });
}

/** The last day is in the range, whole. */
function dayAfter(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? '' : new Date(at + DAY_MS).toISOString();
}

async function verify(c: PageContext, deps: PagesDeps): Promise<Response> {
  const folder = exportsFolder(deps.dataFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `upload-${newId()}.partial`);
  try {
    await receiveUpload(c.req.raw, path, (fields) => assertOwnForm(c, c.get('sessionId'), fields));
    const keys = JSON.stringify(await proofJwks(deps.ledger));
    return back(c, deps, await verdictOn(path, { keys, workspaceId: c.get('caller').workspaceId }));
  } finally {
    await rm(path, { force: true });
  }
}

/** A bundle of another server, or of another workspace of this one, may be whole too: both are said. */
async function verdictOn(path: string, here: { readonly keys: string; readonly workspaceId: string }): Promise<Notice> {
  const verdict = await verifyBundle(path, { keys: here.keys, secret: null });
  if (verdict.holds) {
    const isOurs = verdict.manifest.workspace.id === here.workspaceId;
    if (isOurs) return { kind: 'done', text: verdict.says };
    return { kind: 'refused', text: `It is of another workspace of this server than yours. ${verdict.says}` };
  }
  const isForeign = verdict.fault === 'key_unknown' || verdict.fault === 'keys_unreadable';
  if (!isForeign) return { kind: 'refused', text: `The bundle does not hold. ${verdict.says}` };
  const alone = await verifyBundle(path, { keys: null, secret: null });
  return { kind: 'refused', text: `It was not signed by this server. ${alone.says}` };
}

async function changeKey(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const id = await rotateProofKey(deps.ledger, { workspaceId, actor });
  return back(c, deps, { kind: 'done', text: `Bundles are signed with the key ${id} from now on.` });
}

/** The secret stands in this answer alone: no cookie and no address carries it. */
async function changeSecret(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const { id, secret } = await rotateProofSecret(deps.ledger, { workspaceId, actor });
  const body = html`<h1>The new secret</h1>
<p>Bundles carry an HMAC under it from now on. It is shown this once; give it to whoever checks them, by a way that you trust.</p>
<p class="card"><code class="secret">${secret}</code></p>
<p class="fact">Its id is <code>${id}</code>.</p>
<p><a class="button" href="/proof">Back to proof</a></p>`;
  return c.html(page(c, { title: 'The new secret', room: '/proof', body }));
}

function back(c: PageContext, deps: PagesDeps, notice: Notice): Response {
  leaveNotice(c, deps, notice);
  return c.redirect('/proof', 303);
}
