// What a row's buttons do: claim and replay. Each answers with the page it came from and one sentence.
import { BLOCKED_REASONS } from '../../domain/gate/gate.ts';
import { CLAIM_WISHES, type ClaimDecision } from '../../domain/people/claim.ts';
import { claimItem } from '../../ledger/schedules/claims.ts';
import { requestReplay } from '../../publishing/messages/request-replay.ts';
import { newId } from '../../runtime/ids.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { leaveNotice } from '../session/cookies.ts';
import { limitedReplays } from '../session/limited.ts';
import { allowed, readForm } from '../session/signed-in.ts';

/** Registers them. */
export function recoveryActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/schedules/:id/claim', allowed('publish.claim'), (c) => claim(c, deps));
  pages.post('/schedules/:id/replay', allowed('publish.replay'), limitedReplays(deps), (c) => replay(c, deps));
}

async function claim(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { wish } = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const scheduleId = scheduleIdOf(c);
  const known = CLAIM_WISHES.find((name) => name === wish) ?? 'claim';
  const decision = await claimItem(deps.ledger, { workspaceId, scheduleId, actor, wish: known });
  if (!decision) throw nothingHere();
  return back(c, deps, claimNotice(decision, scheduleId));
}

function claimNotice(decision: ClaimDecision, scheduleId: string): Notice {
  switch (decision.kind) {
    case 'claimed_by_other':
      return { kind: 'refused', text: `${decision.by.label} has claimed it meanwhile; nothing was changed.` };
    case 'ended':
      return { kind: 'refused', text: 'It has ended meanwhile, so there is nothing to claim.' };
    case 'claimed':
      return { kind: 'done', text: `You look after ${scheduleId} now.` };
    case 'released':
      return { kind: 'done', text: `Nobody has claimed ${scheduleId} any more.` };
  }
}

async function replay(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { expectedAttempt } = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const scheduleId = scheduleIdOf(c);
  const attempt = /^\d{1,9}$/.test(expectedAttempt ?? '') ? { expectedAttempt: Number(expectedAttempt) } : {};
  const reply = await requestReplay(deps.client, deps, {
    workspaceId,
    actor,
    requestedBy: actor.label.slice(0, 200),
    request: { scheduleId, ...attempt },
    arrivedAt: c.get('arrivedAt'),
    callId: newId(),
  });
  if (reply.kind === 'unknown_schedule') throw nothingHere();
  if (reply.kind === 'accepted')
    return back(c, deps, {
      kind: 'done',
      text: `${scheduleId} runs again; if an earlier call may have left, the platform is asked first.`,
    });
  const blocked = BLOCKED_REASONS.some((known) => known === reply.reason);
  return back(c, deps, {
    kind: 'refused',
    text: `${blocked ? 'The replay is blocked' : 'The replay was refused'}: ${reply.text}`,
  });
}

/** To the page the form stood on, as far as it is one of ours. */
function back(c: PageContext, deps: PagesDeps, notice: Notice): Response {
  leaveNotice(c, deps, notice);
  const from = URL.parse(c.req.header('referer') ?? '');
  const here = new URL(c.req.url);
  return c.redirect(from?.host === here.host ? `${from.pathname}${from.search}` : '/', 303);
}
