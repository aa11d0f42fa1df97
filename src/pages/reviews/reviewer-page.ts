// `/review/{secret}`: what somebody without an account sees of one version, and the answer they give under a name of their own.
import { html } from 'hono/html';
import { SUPERSESSION_TEXT, type SupersessionReason } from '../../domain/reviews/decision.ts';
import { type ReviewLinkState, reviewAnswerSchema } from '../../domain/reviews/review-link.ts';
import { readAccount } from '../../ledger/accounts/accounts.ts';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { findReviewLink } from '../../ledger/reviews/review-links.ts';
import { answerReviewLink } from '../../publishing/reviews/decide-version.ts';
import { clientAddressOf } from '../client-address.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { sendFile } from '../handoff/handoff-downloads.ts';
import { itemOf, sendPicture } from '../media/picture.ts';
import { PageRefused } from '../page-refused.ts';
import { readZone } from '../session/cookies.ts';
import { inputField, textField } from '../shell/fields.ts';
import { barePage } from '../shell/layout.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import { postPreview } from './post-preview.ts';

/** Wrong addresses that one place may try in a minute. */
const GUESSES_PER_MINUTE = 20;

/** Registers the page; nobody needs to be signed in for it. */
export function reviewerPages(pages: Pages, deps: PagesDeps): void {
  const guesses = rateLimit(deps.ledger, 'review-guess', GUESSES_PER_MINUTE);
  const refuse = async (c: PageContext): Promise<never> => {
    const waitMs = await guesses.take(clientAddressOf(c, deps.trustedProxies));
    if (waitMs > 0) {
      throw new PageRefused(429, 'Too many tries', 'Too many addresses were tried that show nothing; wait a minute.', {
        'Retry-After': String(Math.ceil(waitMs / 1000)),
      });
    }
    throw new PageRefused(
      404,
      'No such review',
      'There is no review at this address; check that it was copied whole, or ask whoever sent it.',
    );
  };
  pages.get('/review/:secret', async (c) => (await show(c, deps, null)) ?? refuse(c));
  pages.get('/review/:secret/media/:number/picture', async (c) => (await showPicture(c, deps)) ?? refuse(c));
  pages.get('/review/:secret/media/:number/file', async (c) => (await showFile(c, deps)) ?? refuse(c));
  pages.post('/review/:secret', async (c) => (await answer(c, deps)) ?? refuse(c));
}

async function show(c: PageContext, deps: PagesDeps, problem: string | null): Promise<Response | null> {
  const secret = c.req.param('secret') ?? '';
  const found = await findReviewLink(deps.ledger, secret);
  if (!found) return null;
  const { link, schedule } = found;
  c.set('zone', readZone(c));
  if (link.state === 'superseded') throw superseded(link.supersessionReason);
  if (link.state !== 'open') return c.html(barePage('Review', closed(link.state)));
  const account = await readAccount(deps.ledger, schedule.accountId);
  const media = (number: number, what: string) => `/review/${encodeURIComponent(secret)}/media/${number}/${what}`;
  const picture = (number: number) => media(number, 'picture');
  const file = (number: number) => media(number, 'file');
  const body = html`<h1>Would you approve this post?</h1>
${postPreview(c, { schedule, accountName: account?.name ?? '', picture, file })}
${problem === null ? NOTHING : html`<p class="notice refused" role="alert">${problem}</p>`}
<form method="post" action="/review/${encodeURIComponent(secret)}">
${inputField({ name: 'name', label: 'Your name', required: true, hint: 'it stands in the record as you write it', attributes: html`maxlength="200" autocomplete="name"` })}
${textField({ name: 'comment', label: 'Comment', hint: 'what should be changed, if anything', rows: 3 })}
<div class="buttons"><button class="main" name="verdict" value="approved">Approve</button><button name="verdict" value="rejected">Ask for changes</button></div>
</form>`;
  return c.html(barePage('Review', body), problem === null ? 200 : 422);
}

/** Of the version that is asked about, and only as long as it is. */
async function showPicture(c: PageContext, deps: PagesDeps): Promise<Response | null> {
  const found = await findReviewLink(deps.ledger, c.req.param('secret') ?? '');
  return found?.link.state === 'open' ? sendPicture(c, deps, found.schedule) : null;
}

/** The same, to be saved: a video is watched that way. */
async function showFile(c: PageContext, deps: PagesDeps): Promise<Response | null> {
  const found = await findReviewLink(deps.ledger, c.req.param('secret') ?? '');
  if (found?.link.state !== 'open') return null;
  const { id, workspaceId } = found.schedule;
  const item = itemOf(c, found.schedule);
  const fileName = `${id}-${c.req.param('number')}.${item.mediaType.split('/')[1]}`;
  return sendFile(c, deps, { workspaceId, item, fileName });
}

/** What became of the post since, in words, and for programs by name; where it is over nothing is left to ask for. */
function superseded(reason: SupersessionReason): PageRefused {
  const ended = reason === 'schedule_ended';
  const heading = ended ? 'It has ended meanwhile' : 'It was changed meanwhile';
  const next = ended
    ? 'Nothing more is asked of you.'
    : 'Nothing can be decided by this link; ask whoever sent it for a new one.';
  return new PageRefused(410, heading, `${SUPERSESSION_TEXT[reason]} ${next}`, { 'Supersession-Reason': reason });
}

/** One that is superseded says why. */
type Closed = Exclude<ReviewLinkState, 'open' | 'superseded'>;

const CLOSED: Record<Closed, string> = {
  approved: 'This version was approved by this link; nothing more is asked of you.',
  changes_requested: 'Changes were asked for by this link; whoever sent it sends a new one for the new version.',
  expired: 'This link is over, so nothing can be decided by it; ask whoever sent it for a new one.',
  revoked: 'This link was taken back by whoever sent it; nothing can be decided by it.',
};

function closed(state: Closed): Html {
  return html`<h1>Review</h1><p>${CLOSED[state]}</p>`;
}

/** The secret in the address is what proves the form: no other site can know it. */
async function answer(c: PageContext, deps: PagesDeps): Promise<Response | null> {
  const { verdict, name, comment } = await c.req.parseBody();
  const said = reviewAnswerSchema.safeParse({ verdict, name, ...(comment ? { comment } : {}) });
  if (!said.success)
    return show(
      c,
      deps,
      'Your name is needed, of 200 characters at most, and so is your decision; nothing was decided yet.',
    );
  const reply = await answerReviewLink(deps, c.req.param('secret') ?? '', said.data);
  if (!reply) return null;
  if (reply.kind === 'superseded') throw superseded(reply.reason);
  if (reply.kind === 'closed') return c.html(barePage('Review', closed(reply.state)), 410);
  const thanks =
    said.data.verdict === 'approved'
      ? 'You approved this version.'
      : 'You asked for changes; it does not go out as it is.';
  return c.html(barePage('Review', html`<h1>Thank you</h1><p>${thanks} Nothing more is asked of you.</p>`));
}
