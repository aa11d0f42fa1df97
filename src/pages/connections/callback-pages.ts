// The way back from a platform, and the choice where a grant reaches several destinations.
import { html } from 'hono/html';
import { choicesOf, choose, FlowOver, FlowRefused, finishFlow } from '../../connections/oauth/finish-flow.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere, PageRefused } from '../page-refused.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { postForm } from '../shell/parts.ts';
import { backWithReason, toAccount } from './outcome.ts';

/** Registers them. */
export function callbackPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/:platform/callback', allowed('accounts.connect'), (c) =>
    orOver(async () => {
      try {
        const finished = await finishFlow(deps, personOf(c, deps), new URL(c.req.url).searchParams);
        if (finished.kind === 'connected') return await toAccount(c, deps, finished);
        return c.redirect(`/connections/${c.req.param('platform')}/choose?ticket=${finished.ticket}`, 303);
      } catch (error) {
        const accountId = error instanceof FlowRefused ? error.accountId : null;
        return backWithReason(c, deps, error, accountId === null ? '/connections' : `/connections/${accountId}`);
      }
    }),
  );
  pages.get('/connections/:platform/choose', allowed('accounts.connect'), (c) => orOver(() => choice(c, deps)));
  pages.post('/connections/:platform/choose', allowed('accounts.connect'), (c) =>
    orOver(async () => {
      const { ticket = '', remoteId = '' } = await readForm(c);
      try {
        return await toAccount(c, deps, await choose(deps, personOf(c, deps), { ticket, remoteId }));
      } catch (error) {
        return backWithReason(c, deps, error, '/connections');
      }
    }),
  );
}

async function choice(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { platforms } = deps;
  const person = personOf(c, deps);
  const ticket = c.req.query('ticket') ?? '';
  const choices = await choicesOf(deps, person, ticket);
  const options = choices.map(
    ({ remoteId, name }, index) =>
      html`<div class="choice"><input type="radio" required name="remoteId" value="${remoteId}" id="choice-${index}"><label for="choice-${index}">${name} <code>${remoteId}</code></label></div>`,
  );
  const form = html`<input type="hidden" name="ticket" value="${ticket}"><fieldset><legend>Which of them is meant?</legend>${options}</fieldset><span class="ends"><button class="main">Connect it</button> <a href="/connections">Connect none of them</a></span>`;
  const label = platforms.get(person.platform)?.label ?? person.platform;
  const body = html`<h1>Choose what to connect</h1>
<p>What was allowed at ${label} reaches ${choices.length} of its accounts, pages or channels. The one that is chosen is connected; for another, begin again.</p>
${postForm(c, `/connections/${person.platform}/choose`, form, html`class="form"`)}`;
  return c.html(page(c, { title: 'Choose what to connect', room: '/connections', body }));
}

function personOf(c: PageContext, { platforms }: PagesDeps) {
  const platform = c.req.param('platform') ?? '';
  if (!platforms.has(platform)) throw nothingHere();
  const { workspaceId, actor } = c.get('caller');
  return { workspaceId, actor, sessionId: c.get('sessionId'), platform };
}

/** A way back that is over is said as a page of its own: there is no page that it came from. */
async function orOver(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FlowOver ? new PageRefused(410, 'This sign-in is over', error.message) : error;
  }
}
