// Takes a post in: checks it whole against the border's schema, the account and the destination, then stores it. What
// is refused leaves nothing behind.

import { fingerprintText } from '../../domain/gate/fingerprint.ts';
import { type AccountIdentity, selectTarget } from '../../domain/gate/target.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { mediaBytes } from '../../domain/schedules/media-size.ts';
import { type Content, type Delivery, FURTHEST_AHEAD_MS, type GivenContent } from '../../domain/schedules/post.ts';
import { fieldProblems, type ScheduleRequest, scheduleRequestSchema } from '../../domain/schedules/schedule-request.ts';
import { publishWorkflowId } from '../../domain/temporal/workflow-id.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule, insertSchedule } from '../../ledger/schedules/schedules.ts';
import { workspaceNameOf } from '../../ledger/workspaces/workspaces.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Platforms } from '../../platforms/registry.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import type { OpenMediaSource } from '../../transport/media.ts';
import { type IntakeProblem, IntakeRefused } from './intake-refused.ts';
import { completeAsGiven, completeMedia } from './media-facts.ts';

/** A time that has only just passed is taken as "now": clocks and queues are not exact. */
const PAST_TOLERANCE_MS = 60_000;

export interface Intake {
  readonly ledger: Ledger;
  readonly platforms: Platforms;
  readonly media: Pick<OpenMediaSource, 'facts'>;
  readonly workspaceId: string;
  readonly actor: Actor;
  /** Used when the request names no id. */
  readonly fallbackId?: string | undefined;
}

export interface TakenIn {
  readonly scheduleId: string;
  /** Of its publish in Temporal. */
  readonly workflowId: string;
  readonly fingerprint: string;
  readonly publishAt: Date;
  readonly platform: string;
  readonly accountName: string;
  /** What its media weigh together; of a schedule that was taken in before, nobody asks. */
  readonly mediaBytes?: number;
  /** False when the same schedule was taken in before. */
  readonly created: boolean;
}

/** What was sent, as a request whose every field fits. @throws IntakeRefused with the fields and limits not met */
export function readRequest(request: unknown): ScheduleRequest {
  const parsed = scheduleRequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new IntakeRefused('invalid_schedule', fieldProblems(parsed.error));
}

/** @throws IntakeRefused with the fields and limits that were not met; nothing is stored then. */
export async function takeIn(intake: Intake, request: unknown): Promise<TakenIn> {
  const wanted = readRequest(request);
  const account = await chooseAccount(intake, wanted);
  const adapter = intake.platforms.get(account.platform);
  if (!adapter)
    throw refusal('unknown_account', 'account', `is on "${account.platform}", which this server does not know`);
  const delivery: Delivery = {
    publishAt: wanted.publishAt ? new Date(wanted.publishAt).toISOString() : null,
    mode: wanted.mode,
    approvalRequired: wanted.approvalRequired,
    options: checkedOptions(adapter, wanted),
  };
  const id = wanted.id ?? intake.fallbackId ?? newId();
  const given: GivenContent = { text: wanted.text, media: wanted.media };
  const { platform, name: accountName } = account;
  const versionOf = (content: GivenContent) =>
    sha256Hex(fingerprintText({ platform, accountId: account.id, content, delivery }));
  // Compared as it was given, before anything is read: sent again it is the same schedule, wherever its media are by then.
  const asked = { scheduleId: id, takenInAs: versionOf(given), platform, accountName };
  const known = await findSchedule(intake.ledger, intake.workspaceId, id);
  if (known) return sameOrConflict(known, asked);
  const check = (content: Content) => {
    const problems = adapter.check(content, delivery.options, account);
    if (problems.length > 0) throw new IntakeRefused('invalid_schedule', problems);
  };
  const stands = completeAsGiven(given.media);
  if (stands) check({ ...given, media: stands });
  const publishAt = dueTime(intake.ledger.clock.now(), delivery.publishAt);
  const content = { ...given, media: await completeMedia(intake.media, given.media) };
  check(content);
  return store(intake, asked, { account, content, delivery, fingerprint: versionOf(content), publishAt });
}

/** A request as it is compared with what was taken in before. */
interface Asked extends Pick<TakenIn, 'scheduleId' | 'platform' | 'accountName'> {
  /** The fingerprint of what was given. */
  readonly takenInAs: string;
}

interface Checked {
  readonly account: AccountIdentity;
  readonly content: Content;
  readonly delivery: Delivery;
  readonly fingerprint: string;
  readonly publishAt: Date;
}

async function store({ ledger, workspaceId, actor }: Intake, asked: Asked, checked: Checked): Promise<TakenIn> {
  const { account, ...version } = checked;
  const { scheduleId: id, takenInAs, platform, accountName } = asked;
  const workflowId = publishWorkflowId(await workspaceNameOf(ledger, workspaceId), id);
  const row = { id, workspaceId, workflowId, accountId: account.id, platform, takenInAs, creator: actor, ...version };
  if (await insertSchedule(ledger, row)) {
    const { fingerprint, publishAt, content } = version;
    const bytes = { mediaBytes: mediaBytes(content) };
    return { scheduleId: id, workflowId, fingerprint, platform, accountName, publishAt, ...bytes, created: true };
  }
  const raced = await findSchedule(ledger, workspaceId, id);
  if (raced) return sameOrConflict(raced, asked);
  throw refusal('schedule_conflict', 'id', 'is already taken; choose another id');
}

/** The version it was taken in with counts, whatever was read or rescheduled since; and so does the version it has now. */
function sameOrConflict({ fingerprint, takenInAs, publishAt, workflowId }: ScheduleRow, asked: Asked): TakenIn {
  if (takenInAs === asked.takenInAs || fingerprint === asked.takenInAs) {
    const { scheduleId, platform, accountName } = asked;
    return { scheduleId, workflowId, fingerprint, platform, accountName, publishAt, created: false };
  }
  throw refusal(
    'schedule_conflict',
    'id',
    'already names a schedule with another content or delivery; choose another id',
  );
}

async function chooseAccount({ ledger, workspaceId }: Intake, wanted: ScheduleRequest) {
  const accounts = await accountsOf(ledger, workspaceId);
  const selection = selectTarget(accounts, wanted);
  if (selection.kind === 'several') {
    throw refusal(
      'ambiguous_account',
      'account',
      `matches several accounts (${selection.names.join(', ')}); name one by its id`,
    );
  }
  const chosen =
    selection.kind === 'selected' ? accounts.find((account) => account.id === selection.account.id) : undefined;
  if (!chosen)
    throw refusal('unknown_account', 'account', `"${wanted.account}" is not a connected account of this workspace`);
  return chosen;
}

function checkedOptions(adapter: PlatformAdapter, wanted: ScheduleRequest): Delivery['options'] {
  const parsed = adapter.optionsSchema.safeParse(wanted.options);
  if (parsed.success) return parsed.data;
  throw new IntakeRefused('invalid_schedule', fieldProblems(parsed.error, ['options']));
}

function dueTime(now: Date, publishAt: string | null): Date {
  if (publishAt === null) return now;
  const due = new Date(publishAt);
  const soonest = new Date(now.getTime() - PAST_TOLERANCE_MS);
  if (due < soonest) {
    throw refusal('invalid_schedule', 'publishAt', 'lies in the past', `not before ${soonest.toISOString()}`);
  }
  if (due.getTime() - now.getTime() > FURTHEST_AHEAD_MS) {
    throw refusal('invalid_schedule', 'publishAt', 'lies too far ahead', 'at most 730 days ahead');
  }
  return due;
}

function refusal(code: IntakeProblem, field: string, problem: string, limit?: string): IntakeRefused {
  return new IntakeRefused(code, [{ field, problem, limit }]);
}
