// The columns an accepted message changes, and what its audit row says.

import { cause } from '../../domain/causes/causes.ts';
import { fingerprintText } from '../../domain/gate/fingerprint.ts';
import { readHandoffReason } from '../../domain/handoff/reasons.ts';
import type { Message } from '../../domain/messages/messages.ts';
import { type Actor, actorName } from '../../domain/people/actor.ts';
import { movedLastMoment } from '../../domain/schedules/post.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import type { Move } from '../schedules/transitions.ts';

type Changes = Pick<Move, 'changes' | 'payload'>;

/** What changes beside the state. */
export function messageChanges(message: Message, schedule: ScheduleRow, actor: Actor, now: Date): Changes {
  switch (message.name) {
    case 'replay':
    case 'requestReplay':
      return {
        // A publish may be lost long before its time, which stands.
        changes: { wakeAt: schedule.publishAt > now ? schedule.publishAt : now, unsentTries: 0 },
        payload: { note: message.body.note ?? null },
      };
    case 'resume':
      return { changes: { wakeAt: now }, payload: { note: message.body.note ?? null } };
    case 'cancel':
      return { payload: { note: message.body.note ?? null } };
    case 'reschedule':
      return reschedule(schedule, message.body.publishAt);
    case 'handoff':
      return handOff(message.body);
    case 'completeHandoff':
      return completeHandoff(message.body, schedule, actor, now);
    case 'resolve':
      return resolve(message.body, schedule, actor, now);
  }
}

type BodyOf<Name extends Message['name']> = Extract<Message, { name: Name }>['body'];

function handOff(body: BodyOf<'handoff'>): Changes {
  const owner: Actor | null = body.owner ? { type: 'SELF_DECLARED', id: body.owner, label: body.owner } : null;
  const { reason, note } = readHandoffReason(body);
  return { changes: { handoff: { owner, reason, ...(note === null ? {} : { note }) } }, payload: { reason, note } };
}

function completeHandoff(body: BodyOf<'completeHandoff'>, { handoff }: ScheduleRow, actor: Actor, now: Date): Changes {
  const { completedBy, url, note, publishedAt } = body;
  const completion = {
    completedBy,
    by: actor,
    completedAt: now.toISOString(),
    ...(publishedAt ? { publishedAt } : {}),
    ...(url ? { url } : {}),
    ...(note ? { note } : {}),
  };
  const before = handoff ?? { owner: null, reason: '' };
  return {
    changes: { handoff: { ...before, owner: before.owner ?? actor, completion } },
    payload: { completedBy, url: url ?? null },
  };
}

/** The time is part of the version: an approval of the old time no longer holds (law 7). */
function reschedule(schedule: ScheduleRow, publishAt: string): Changes {
  const due = new Date(publishAt);
  const publishBefore = movedLastMoment(schedule, due);
  const delivery = {
    ...schedule.delivery,
    publishAt: due.toISOString(),
    ...(publishBefore === null ? {} : { publishBefore: publishBefore.toISOString() }),
  };
  const { platform, accountId, content } = schedule;
  const fingerprint = sha256Hex(fingerprintText({ platform, accountId, content, delivery }));
  return {
    changes: {
      delivery,
      fingerprint,
      publishAt: due,
      publishBefore,
      wakeAt: due,
      cause: null,
      failedAt: null,
      blockedReason: null,
    },
    payload: { publishAt: due.toISOString(), before: schedule.publishAt.toISOString(), fingerprint },
  };
}

function resolve(body: BodyOf<'resolve'>, schedule: ScheduleRow, actor: Actor, now: Date): Changes {
  const { verdict, decidedBy, evidence } = body;
  if (verdict === 'live') {
    const { platformPostId, url } = body;
    return {
      changes: { cause: null, failedAt: null },
      payload: { decidedBy, evidence, platformPostId, url: url ?? null },
    };
  }
  const denied = cause({
    code: 'unknown',
    source: 'status_only',
    platform: schedule.platform,
    stage: 'reconcile',
    externalText: `${actorName({ ...actor, label: decidedBy })} decided that the post is not live.`,
    rawText: '',
  });
  return { changes: { cause: denied, failedAt: now }, payload: { decidedBy, evidence } };
}
