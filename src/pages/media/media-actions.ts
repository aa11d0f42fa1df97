// What the form of a media item does: a new version of the post with another file, or with another text for it.

import { describeProblems } from '../../domain/api/api-problems.ts';
import { EDIT_REFUSALS, editRequestSchema } from '../../domain/schedules/edit.ts';
import type { GivenMedia, MediaItem } from '../../domain/schedules/post.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { storedAddress } from '../../domain/schedules/stored-media.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { upload } from '../../mediastore/upload.ts';
import { UploadRefused } from '../../mediastore/upload-refused.ts';
import { editSchedule } from '../../publishing/intake/edit.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed } from '../session/signed-in.ts';
import { readUploadForm } from '../session/upload-form.ts';

/** Registers it. */
export function mediaActions(pages: Pages, deps: PagesDeps): void {
  pages.post('/schedules/:id/media/:number', allowed('schedules.edit'), async (c) => {
    const scheduleId = scheduleIdOf(c);
    leaveNotice(c, deps, await replaced(c, deps));
    return c.redirect(`/schedules/${encodeURIComponent(scheduleId)}/media`, 303);
  });
}

async function replaced(c: PageContext, deps: PagesDeps): Promise<Notice> {
  const caller = c.get('caller');
  const scheduleId = scheduleIdOf(c);
  const schedule = await findSchedule(deps.ledger, caller.workspaceId, scheduleId);
  const index = Number(c.req.param('number')) - 1;
  if (!schedule?.content.media[index]) throw nothingHere();
  try {
    const { fields, kept } = await readUploadForm(c, ({ bytes, mediaType }) =>
      upload(deps, { ...caller, body: bytes, said: mediaType }),
    );
    const url = kept ? storedAddress(kept.file.sha256) : (fields.url ?? '').trim();
    const wanted = { url, altText: fields.altText ?? '' };
    const media = schedule.content.media.map((item, at) => (at === index ? changed(item, wanted) : item));
    const { expectedFingerprint } = fields;
    const request = editRequestSchema.safeParse({ expectedFingerprint, media });
    if (!request.success) return refused(`${describeProblems(fieldProblems(request.error))}, so nothing was changed.`);
    const reply = await editSchedule(deps, { caller, scheduleId, request: request.data });
    if (!reply) throw nothingHere();
    if (reply.kind === 'refused') return refused(EDIT_REFUSALS[reply.reason]);
    if (reply.changed.length === 0) return { kind: 'done', text: 'It is as it was; nothing was changed.' };
    return { kind: 'done', text: 'The new version stands. A post that has failed goes out once it is replayed.' };
  } catch (error) {
    if (error instanceof IntakeRefused || error instanceof UploadRefused) return refused(error.message);
    throw error;
  }
}

function refused(text: string): Notice {
  return { kind: 'refused', text };
}

/** Of another file everything is read anew; the same one keeps what is known of it. */
function changed(item: MediaItem, { url, altText }: { readonly url: string; readonly altText: string }): GivenMedia {
  const { altText: _, ...file } = item;
  const kept: GivenMedia = url === '' ? file : { url };
  return altText.trim() === '' ? kept : { ...kept, altText };
}
