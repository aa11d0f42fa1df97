// The forms of the page about proof.

import { html, raw } from 'hono/html';
import type { AccountIdentity } from '../../domain/gate/target.ts';
import { actorName } from '../../domain/people/actor.ts';
import type { ProofKey, ProofSecret } from '../../ledger/proof/proof-keys.ts';
import type { PageContext } from '../deps.ts';
import { type Html, NOTHING, platformLabel, postForm, time } from '../shell/parts.ts';

/** The prefixes of the names of checkboxes: a form gives each name once. */
export const ACCOUNT_FIELD = 'account:';
export const PLATFORM_FIELD = 'platform:';

const DAY_MS = 24 * 3_600_000;

/** Asks for a bundle of whole days; the last thirty where nothing else is chosen. */
export function exportForm(c: PageContext, accounts: readonly AccountIdentity[]): Html {
  const today = c.get('arrivedAt');
  const from = new Date(today.getTime() - 30 * DAY_MS).toISOString().slice(0, 10);
  const platforms = [...new Set(accounts.map(({ platform }) => platform))].sort();
  const content = html`<div class="fields">
<label>First day (UTC) <input type="date" name="from" value="${from}" required></label>
<label>Last day (UTC) <input type="date" name="to" value="${today.toISOString().slice(0, 10)}" required></label>
</div>
${choices(
  'Platforms',
  'all of them where none is chosen',
  platforms.map((platform) => [`${PLATFORM_FIELD}${platform}`, platformLabel(c, platform)]),
)}
${choices(
  'Accounts',
  'all of them where none is chosen',
  accounts.map(({ id, name, platform }) => [`${ACCOUNT_FIELD}${id}`, `${name} · ${platformLabel(c, platform)}`]),
)}
<button class="main">Make the bundle</button>`;
  return postForm(c, '/proof/exports', content, raw('class="card"'));
}

function choices(legend: string, hint: string, boxes: readonly (readonly [string, string])[]): Html {
  if (boxes.length < 2) return NOTHING;
  return html`<fieldset><legend>${legend} <span class="fact">${hint}</span></legend>${boxes.map(([name, label]) => html`<label class="choice"><input type="checkbox" name="${name}" value="on"> ${label}</label>`)}</fieldset>`;
}

/** Checks a bundle that somebody has. */
export function verifyForm(c: PageContext): Html {
  const content = html`<div class="fields narrow"><label>The bundle, a ZIP <input type="file" name="bundle" accept=".zip,application/zip" required></label></div>
<p class="fact">It is checked here against the public keys of this server, and not kept. Without this server: <code>oncepost proof verify bundle.zip --keys oncepost-proof-keys.json</code>. The public keys: <a href="/.well-known/oncepost-proof-keys.json">oncepost-proof-keys.json</a>.</p>
<button>Check</button>`;
  return postForm(c, '/proof/verify', content, raw('class="card" enctype="multipart/form-data"'));
}

/** What bundles are signed with, for admins. */
export function keysSection(c: PageContext, keys: readonly ProofKey[], secrets: readonly ProofSecret[]): Html {
  return html`<section class="group" aria-labelledby="keys"><h2 id="keys">Keys</h2>
<div class="card">
<h3>Signing keys</h3>
<p class="fact">Ed25519. A new one signs from now on; the ones before stay published, for the bundles that they signed.</p>
${keyList(c, keys, 'The first bundle makes one.')}
${postForm(c, '/proof/keys', html`<button>Make a new signing key</button>`)}
<h3>Shared secrets</h3>
<p class="fact">For the HMAC, which a partner checks with the same secret. It is shown once, when it is made; one that the first bundle made by itself nobody has seen.</p>
${keyList(c, secrets, 'The first bundle makes one.')}
${postForm(c, '/proof/secrets', html`<button>Make a new secret</button>`)}
</div></section>`;
}

function keyList(c: PageContext, keys: readonly ProofSecret[], none: string): Html {
  if (keys.length === 0) return html`<p class="empty">${none}</p>`;
  return html`<ul class="facts">${keys.map(({ id, madeAt, madeBy, retiredAt }) => html`<li><code>${id}</code> <span class="fact">${retiredAt === null ? 'in use' : html`retired ${time(c, retiredAt)}`} · made ${time(c, madeAt)} by ${actorName(madeBy)}</span></li>`)}</ul>`;
}
