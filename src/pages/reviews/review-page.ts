// `/schedules/{id}/review`: the version that would go out, the decision on it, and the review links for people without an account.

import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import { decidedSentence, decisionRequestSchema, SUPERSESSION_TEXT } from '../../domain/reviews/decision.ts';
import { type ReviewLinkState, reviewLinkRequestSchema } from '../../domain/reviews/review-link.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import {
  listReviewLinks,
  makeReviewLink,
  type ReviewLink,
  revokeReviewLink,
} from '../../ledger/reviews/review-links.ts';
import { readItem } from '../../ledger/schedules/items.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { decideVersion } from '../../publishing/reviews/decide-version.ts';
import { assembleItem } from '../../recovery/item.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { inputField, textField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { readLocalTime, writeLocalTime } from '../shell/local-time.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';
import { postPreview } from './post-preview.ts';

const LINK_DAYS = 7;

/** Registers the page and what its forms do. */
export function reviewPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules/:id/review', allowed('schedules.read'), async (c) => c.html(await reviewPage(c, deps)));
  pages.post('/schedules/:id/decisions', allowed('review.decide'), (c) => decide(c, deps));
  pages.post('/schedules/:id/review-links', allowed('review.link'), (c) => makeLink(c, deps));
  pages.post('/schedules/:id/review-links/:linkId/revoke', allowed('review.link'), (c) => revoke(c, deps));
}

async function reviewPage(c: PageContext, deps: PagesDeps, made: string | null = null): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const facts = await readItem(deps.ledger, workspaceId, scheduleIdOf(c));
  if (!facts) throw nothingHere();
  const { schedule, account } = facts;
  const item = assembleItem(facts);
  const links = await listReviewLinks(deps.ledger, schedule);
  const base = `/schedules/${encodeURIComponent(schedule.id)}`;
  const picture = (number: number) => `${base}/media/${number}/picture`;
  const file = (number: number) => `/handoff/${encodeURIComponent(schedule.id)}/assets/${number}`;
  const body = html`<h1>Review <a href="${base}">${schedule.id}</a></h1>
<p>${approvalSentence(facts)} It is ${item.stateMeans}.</p>
${postPreview(c, { schedule, accountName: account?.name ?? schedule.accountId, picture, file })}
${SCHEDULE_STATES[item.state].ended ? NOTHING : decisionForm(c, base, schedule.fingerprint)}
${linkSection(c, { base, fingerprint: schedule.fingerprint, links, made, ended: SCHEDULE_STATES[item.state].ended })}`;
  return page(c, { title: `Review ${schedule.id}`, room: '/schedules', body });
}

function approvalSentence({ schedule, approval }: NonNullable<Awaited<ReturnType<typeof readItem>>>): string {
  if (!schedule.delivery.approvalRequired) return 'This post goes out without an approval.';
  if (approval === null) return 'This version is not decided yet, and it does not go out before it is approved.';
  return approval.verdict === 'approved'
    ? 'This version is approved.'
    : 'This version was rejected, so it does not go out.';
}

function decisionForm(c: PageContext, base: string, fingerprint: string): Html {
  if (!may(c.get('caller'), 'review.decide')) {
    return html`<p class="fact">To approve or reject it one needs the role approver, and yours is ${c.get('caller').role}.</p>`;
  }
  return html`<section class="group"><h2>Decide on this version</h2>${postForm(
    c,
    `${base}/decisions`,
    html`<input type="hidden" name="expectedFingerprint" value="${fingerprint}">
${textField({ name: 'note', label: 'Note', hint: 'optional; it stands in the record', rows: 2 })}
<div class="buttons"><button class="main" name="verdict" value="approved">Approve</button><button name="verdict" value="rejected">Reject</button></div>`,
  )}</section>`;
}

interface LinkSection {
  readonly base: string;
  readonly fingerprint: string;
  readonly links: readonly ReviewLink[];
  readonly made: string | null;
  readonly ended: boolean;
}

function linkSection(c: PageContext, { base, fingerprint, links, made, ended }: LinkSection): Html {
  if (!may(c.get('caller'), 'review.link')) return NOTHING;
  const fresh =
    made === null
      ? NOTHING
      : html`<p class="notice done" role="status">The link, told this once: <a href="${made}">${made}</a></p>`;
  return html`<section class="group"><h2>Review links</h2>
<p class="fact">Whoever holds one sees this version, without an account, and approves it or asks for changes under a name of their own.</p>
${fresh}${links.length === 0 ? html`<p class="empty">There is none yet.</p>` : html`<ul class="rows">${links.map((link) => linkRow(c, base, link))}</ul>`}
${ended ? html`<p class="fact">It has ended, so no link is made any more.</p>` : linkForm(c, base, fingerprint)}</section>`;
}

function linkForm(c: PageContext, base: string, fingerprint: string): Html {
  const expires = writeLocalTime(c, new Date(c.get('arrivedAt').getTime() + LINK_DAYS * 86_400_000));
  return postForm(
    c,
    `${base}/review-links`,
    html`<input type="hidden" name="expectedFingerprint" value="${fingerprint}">
<div class="fields">${inputField({ name: 'label', label: 'Who it is for', required: true, attributes: html`maxlength="200"` })}
${inputField({ name: 'expiresAt', label: 'It ends', type: 'datetime-local', value: expires, required: true })}</div><button>Make a link</button>`,
  );
}

const LINK_WORDS: Record<ReviewLinkState, string> = {
  open: 'open',
  approved: 'approved',
  changes_requested: 'changes were asked for',
  expired: 'over',
  superseded: 'superseded',
  revoked: 'revoked',
};

function linkRow(c: PageContext, base: string, link: ReviewLink): Html {
  const answer =
    link.reviewer === null
      ? NOTHING
      : html`<p>${link.reviewer} (says so themselves)${link.comment ? html`: ${link.comment}` : NOTHING}</p>`;
  const take =
    link.state === 'open'
      ? postForm(c, `${base}/review-links/${link.id}/revoke`, html`<button class="quiet">Revoke</button>`)
      : NOTHING;
  const why =
    link.state === 'superseded'
      ? html`<p class="fact">${SUPERSESSION_TEXT[link.supersessionReason]} <code>${link.supersessionReason}</code></p>`
      : NOTHING;
  return html`<li class="block"><p><strong>${link.label}</strong>: ${LINK_WORDS[link.state]}</p>${why}${answer}
<p class="fact">made by ${actorName(link.madeBy)} ${time(c, link.madeAt)} · ends ${time(c, link.expiresAt)}</p>${take}</li>`;
}

/** @throws PageRefused for another workspace's id, whatever stands in the form */
async function assertKnown(c: PageContext, { ledger }: PagesDeps): Promise<void> {
  if (!(await findSchedule(ledger, c.get('caller').workspaceId, scheduleIdOf(c)))) throw nothingHere();
}

async function decide(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { csrf: _, note, ...form } = await readForm(c);
  await assertKnown(c, deps);
  const request = decisionRequestSchema.safeParse({ ...form, ...(note ? { note } : {}) });
  const scheduleId = scheduleIdOf(c);
  if (!request.success)
    return back(c, deps, {
      kind: 'refused',
      text: 'The decision cannot be read, so nothing was decided; reload the page and decide again.',
    });
  const reply = await decideVersion(deps, { caller: c.get('caller'), scheduleId, request: request.data });
  if (!reply) throw nothingHere();
  if (reply.kind === 'superseded') {
    return back(c, deps, {
      kind: 'refused',
      text: `${SUPERSESSION_TEXT[reply.reason]} Nothing was decided; this is the present version.`,
    });
  }
  return back(c, deps, { kind: 'done', text: decidedSentence({ ...reply, verdict: request.data.verdict }) });
}

async function makeLink(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { csrf: _, expiresAt = '', ...form } = await readForm(c);
  await assertKnown(c, deps);
  const request = reviewLinkRequestSchema.safeParse({ ...form, expiresAt: readLocalTime(c, expiresAt) ?? '' });
  if (!request.success || Date.parse(request.data.expiresAt) <= c.get('arrivedAt').getTime()) {
    return back(c, deps, {
      kind: 'refused',
      text: 'A link needs a name for whom it is and an end that lies ahead, so none was made.',
    });
  }
  const { workspaceId, actor } = c.get('caller');
  const { label, expectedFingerprint = null } = request.data;
  const schedule = { workspaceId, scheduleId: scheduleIdOf(c) };
  const wanted = { schedule, label, expiresAt: new Date(request.data.expiresAt), expectedFingerprint, actor };
  const reply = await makeReviewLink(deps.ledger, wanted);
  if (!reply) throw nothingHere();
  if (reply.kind === 'superseded')
    return back(c, deps, { kind: 'refused', text: `${SUPERSESSION_TEXT[reply.reason]} No link was made.` });
  // Told once and kept nowhere, so it stands in this very answer.
  return c.html(await reviewPage(c, deps, `${deps.publicUrl ?? new URL(c.req.url).origin}/review/${reply.secret}`));
}

async function revoke(c: PageContext, deps: PagesDeps): Promise<Response> {
  await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const schedule = await findSchedule(deps.ledger, workspaceId, scheduleIdOf(c));
  const linkId = c.req.param('linkId') ?? '';
  if (!schedule || !/^[0-9a-f-]{36}$/.test(linkId)) throw nothingHere();
  const revoked = await revokeReviewLink(deps.ledger, schedule, linkId, actor);
  return back(
    c,
    deps,
    revoked
      ? { kind: 'done', text: 'Revoked: it opens nothing any more.' }
      : { kind: 'refused', text: 'It was used or revoked before; nothing was changed.' },
  );
}

function back(c: PageContext, deps: PagesDeps, notice: Notice): Response {
  leaveNotice(c, deps, notice);
  return c.redirect(`/schedules/${scheduleIdOf(c)}/review`, 303);
}
