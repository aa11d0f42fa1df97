// `/proof`: ask for bundles, follow and download them, check one, and change the keys they are signed with.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { html } from 'hono/html';
import { z } from 'zod';
import { may } from '../../domain/people/caller.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { findProofExport, listProofExports, type ProofExportRow } from '../../ledger/proof/proof-exports.ts';
import { listProofKeys, listProofSecrets } from '../../ledger/proof/proof-keys.ts';
import { findBundle } from '../../proof/export/bundle-file.ts';
import { bundleName, viewExport } from '../../proof/export/export-view.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere, PageRefused } from '../page-refused.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { NOTHING } from '../shell/parts.ts';
import { proofActions } from './actions.ts';
import { exportList } from './export-list.ts';
import { exportForm, keysSection, verifyForm } from './forms.ts';

const LISTED = 50;
const UUID = z.uuid();

/** Registers the pages and what their forms do. */
export function proofPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/proof', allowed('proof.export'), async (c) => {
    const caller = c.get('caller');
    const { workspaceId } = caller;
    const rows = await listProofExports(deps.ledger, workspaceId, LISTED);
    const accounts = (await accountsOf(deps.ledger, workspaceId)).filter(({ deleted }) => !deleted);
    const keys = may(caller, 'proof.keys')
      ? keysSection(c, await listProofKeys(deps.ledger, workspaceId), await listProofSecrets(deps.ledger, workspaceId))
      : NOTHING;
    const body = html`<h1>Proof</h1>
<p>A bundle says of every post of a range what became of it, for whoever must believe it without believing you: signed, and broken by any changed byte.</p>
<section class="group" aria-labelledby="new-export"><h2 id="new-export">Make a bundle</h2>${exportForm(c, accounts)}</section>
${exportList(c, rows.map(viewExport))}
<section class="group" aria-labelledby="check"><h2 id="check">Check a bundle</h2>${verifyForm(c)}</section>
${keys}`;
    return c.html(page(c, { title: 'Proof', room: '/proof', body }));
  });
  pages.get('/proof/exports/:id/file', allowed('proof.export'), (c) => download(c, deps));
  proofActions(pages, deps);
}

async function download(c: PageContext, deps: PagesDeps): Promise<Response> {
  const row = await rowOf(deps, c.get('caller').workspaceId, c.req.param('id') ?? '');
  const path = await findBundle(deps.dataFolder, row);
  if (path === null) {
    throw new PageRefused(
      410,
      'The bundle is not here',
      'The export has no bundle on this server: it is not done, was taken away, or another machine made it and the two share no data folder; ask for a new one.',
    );
  }
  return c.body(Readable.toWeb(createReadStream(path)), 200, {
    'Content-Type': 'application/zip',
    'Content-Length': String(row.sizeBytes),
    'Content-Disposition': `attachment; filename="${bundleName(viewExport(row))}"`,
  });
}

async function rowOf({ ledger }: PagesDeps, workspaceId: string, id: string): Promise<ProofExportRow> {
  const row = UUID.safeParse(id).success ? await findProofExport(ledger, workspaceId, id) : null;
  if (row) return row;
  throw nothingHere();
}
