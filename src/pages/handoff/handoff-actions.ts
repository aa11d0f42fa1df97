// What the forms of a handoff do. Each answers with the pack and one sentence.
import type { MessageVerdict } from '../../domain/messages/messages.ts';
import { instantOfLocal } from '../../domain/text/local-time.ts';
import { completeHandoff } from '../../handoff/complete.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';

/** Registers them. */
export function handoffActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/handoff/:id/completion', allowed('publish.handoff'), (c) => complete(c, deps));
}

async function complete(c: PageContext, deps: PagesDeps): Promise<Response> {
  const { url = '', note = '', publishedAt = '' } = await readForm(c);
  const scheduleId = scheduleIdOf(c);
  const since = publishedAt === '' ? null : instantOfLocal(publishedAt, c.get('zone'));
  if (publishedAt !== '' && since === null) {
    return refused(c, deps, 'The time could not be read, so nothing was recorded; give it as a date and a time.');
  }
  const verdict = await completeHandoff(deps, {
    caller: c.get('caller'),
    scheduleId,
    url: url.trim() || undefined,
    note: note.trim() || undefined,
    publishedAt: since?.toISOString(),
  });
  return back(c, deps, verdict, 'It is recorded as published by hand.');
}

function back(c: PageContext, deps: PagesDeps, verdict: MessageVerdict | null, done: string): Response {
  if (verdict === null) throw nothingHere();
  if (!verdict.accepted) return refused(c, deps, `${verdict.text} Nothing was changed.`);
  leaveNotice(c, deps, { kind: 'done', text: done });
  return toPack(c);
}

function refused(c: PageContext, deps: PagesDeps, text: string): Response {
  leaveNotice(c, deps, { kind: 'refused', text });
  return toPack(c);
}

function toPack(c: PageContext): Response {
  return c.redirect(`/handoff/${scheduleIdOf(c)}`, 303);
}
