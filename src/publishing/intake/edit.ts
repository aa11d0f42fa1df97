// Edits a post that was taken in: the new version passes everything a new post passes, then replaces the one that was looked at.
import type { Client } from '@temporalio/client';
import { fingerprintText } from '../../domain/gate/fingerprint.ts';
import type { Caller } from '../../domain/people/caller.ts';
import type { EditRequest } from '../../domain/schedules/edit.ts';
import { type Delivery, type GivenContent, movedLastMoment } from '../../domain/schedules/post.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { type EditReply, replaceVersion } from '../../ledger/schedules/edits.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PublishingContext } from '../context.ts';
import { foreseeChanged } from '../tonight/at-intake.ts';
import { tellRun } from '../workflows/tell-run.ts';
import { adapterOf, checkedOptions, completeContent, dueTime, type IntakeAccount, refusal } from './version.ts';

export interface EditDeps
  extends Pick<PublishingContext, 'ledger' | 'platforms' | 'settings' | 'log' | 'media' | 'store'> {
  readonly client: Client;
}

export interface Edit {
  readonly caller: Caller;
  readonly scheduleId: string;
  readonly request: EditRequest;
}

/** What came of an edit; null when the caller's workspace has no such schedule. @throws IntakeRefused, with nothing changed */
export async function editSchedule(deps: EditDeps, { caller, scheduleId, request }: Edit): Promise<EditReply | null> {
  const { ledger } = deps;
  const { workspaceId, actor } = caller;
  const schedule = await findSchedule(ledger, workspaceId, scheduleId);
  if (!schedule) return null;
  const account = await targetOf(deps, schedule, request.accountId);
  const adapter = adapterOf(deps.platforms, account);
  const options = checkedOptions(adapter, request.options ?? schedule.delivery.options);
  const delivery = deliveryAfter(schedule, request, options, ledger.clock.now());
  const timed = request.publishAt !== undefined || request.publishBefore !== undefined;
  const publishAt = timed ? dueTime(ledger.clock.now(), delivery) : schedule.publishAt;
  const given: GivenContent = {
    text: request.text ?? schedule.content.text,
    media: request.media ?? schedule.content.media,
  };
  const content = await completeContent(mediaOf(deps, workspaceId), {
    adapter,
    account,
    given,
    options: delivery.options,
  });
  const { platform, id: accountId } = account;
  const fingerprint = sha256Hex(fingerprintText({ platform, accountId, content, delivery }));
  const key = { workspaceId, scheduleId };
  const version = { schedule: key, platform, accountId, content, delivery, fingerprint, publishAt };
  const { expectedFingerprint } = request;
  const reply = await replaceVersion(ledger, { ...version, expectedFingerprint, actor });
  if (reply?.kind === 'edited') {
    await tellRun(deps, deps.client, key);
    await foreseeChanged(deps, key, { readMedia: false });
  }
  return reply;
}

/** The account it is meant for from now on. @throws IntakeRefused when it is gone, of another workspace or platform */
async function targetOf(
  { ledger }: EditDeps,
  schedule: ScheduleRow,
  wanted = schedule.accountId,
): Promise<IntakeAccount> {
  const accounts = await accountsOf(ledger, schedule.workspaceId);
  const account = accounts.find(({ id, deleted }) => id === wanted && !deleted);
  if (!account) throw refusal('unknown_account', 'accountId', 'is not a connected account of this workspace');
  if (account.platform === schedule.platform) return account;
  throw refusal(
    'unknown_account',
    'accountId',
    `is on ${account.platform}, and the post is made for ${schedule.platform}; make a new schedule for it`,
  );
}

function deliveryAfter(schedule: ScheduleRow, request: EditRequest, options: Delivery['options'], now: Date): Delivery {
  const { publishAt, publishBefore, approvalRequired } = request;
  const { publishBefore: _, ...kept } = schedule.delivery;
  const due = publishAt === undefined ? schedule.publishAt : publishAt === null ? now : new Date(publishAt);
  const before = publishBefore === undefined ? movedLastMoment(schedule, due) : publishBefore;
  return {
    ...kept,
    options,
    ...(publishAt === undefined ? {} : { publishAt: publishAt === null ? null : new Date(publishAt).toISOString() }),
    ...(approvalRequired === undefined ? {} : { approvalRequired }),
    ...(before === null ? {} : { publishBefore: new Date(before).toISOString() }),
  };
}
