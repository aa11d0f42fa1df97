// Takes a post in: checks it whole against the border's schema, the account and the destination, then stores it. What
// is refused leaves nothing behind.

import { fingerprintText } from '../../domain/gate/fingerprint.ts';
import { type AccountIdentity, selectTarget } from '../../domain/gate/target.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { mediaBytes } from '../../domain/schedules/media-size.ts';
import type { Content, Delivery, GivenContent } from '../../domain/schedules/post.ts';
import { fieldProblems, type ScheduleRequest, scheduleRequestSchema } from '../../domain/schedules/schedule-request.ts';
import { publishWorkflowId } from '../../domain/temporal/workflow-id.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import {
  DeliverySetMismatch,
  findSchedule,
  insertSchedule,
  type NewSchedule,
} from '../../ledger/schedules/schedules.ts';
import { publishWithinMs, workspaceNameOf } from '../../ledger/workspaces/workspaces.ts';
import { mediaOf, type WorkspaceMediaDeps } from '../../mediastore/workspace-media.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Platforms } from '../../platforms/registry.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import { IntakeRefused } from './intake-refused.ts';
import type { FactsSource } from './media-facts.ts';
import { adapterOf, checkedOptions, completeContent, dueTime, type IntakeAccount, refusal } from './version.ts';

export interface Intake extends WorkspaceMediaDeps {
  readonly platforms: Platforms;
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
  const target = await targetOf(intake, wanted);
  const id = wanted.id ?? intake.fallbackId ?? newId();
  // Compared as it was given, before anything is read: sent again it is the same schedule, wherever its media are by then.
  const takenInAs = fingerprintOf(target, target.given, target.asGiven);
  const asked = { scheduleId: id, takenInAs, platform: target.account.platform, accountName: target.account.name };
  const known = await findSchedule(intake.ledger, intake.workspaceId, id);
  if (known) return sameOrConflict(known, asked);
  return store(intake, asked, await complete(intake, target));
}

/**
 * What would be stored, after every check that a post passes when it is taken in. `watch`: over the files as they are read, for
 * whoever wants to know more of them. @throws IntakeRefused
 */
export async function checkRequest(
  intake: Intake,
  request: unknown,
  watch: (source: FactsSource) => FactsSource,
): Promise<Checked> {
  return complete(intake, await targetOf(intake, readRequest(request)), watch);
}

interface Target {
  readonly account: IntakeAccount;
  readonly adapter: PlatformAdapter;
  readonly given: GivenContent;
  readonly asGiven: Delivery;
}

async function targetOf(intake: Intake, wanted: ScheduleRequest): Promise<Target> {
  const account = await chooseAccount(intake, wanted);
  const adapter = adapterOf(intake.platforms, account);
  const asGiven = deliveryOf(wanted, checkedOptions(adapter, wanted.options));
  return { account, adapter, asGiven, given: { text: wanted.text, media: wanted.media } };
}

async function complete(
  intake: Intake,
  target: Target,
  watch: (source: FactsSource) => FactsSource = (source) => source,
): Promise<Checked> {
  const { ledger, workspaceId } = intake;
  const { account, adapter, given, asGiven } = target;
  const publishAt = dueTime(ledger.clock.now(), asGiven);
  const delivery = await withLastMoment(ledger, workspaceId, asGiven, publishAt);
  const content = await completeContent(watch(mediaOf(intake, workspaceId)), {
    adapter,
    account,
    given,
    options: delivery.options,
  });
  return { account, content, delivery, fingerprint: fingerprintOf(target, content, delivery), publishAt };
}

function fingerprintOf({ account }: Target, content: GivenContent, delivery: Delivery): string {
  return sha256Hex(fingerprintText({ platform: account.platform, accountId: account.id, content, delivery }));
}

function deliveryOf(wanted: ScheduleRequest, options: Delivery['options']): Delivery {
  const { publishAt, publishBefore, deliverySet, mode, approvalRequired } = wanted;
  return {
    publishAt: publishAt ? new Date(publishAt).toISOString() : null,
    mode,
    approvalRequired,
    options,
    ...(publishBefore ? { publishBefore: new Date(publishBefore).toISOString() } : {}),
    ...(deliverySet ? { deliverySet } : {}),
  };
}

/** A workspace may say how long after its time a post is still worth publishing, where the post itself says nothing. */
async function withLastMoment(
  ledger: Ledger,
  workspaceId: string,
  delivery: Delivery,
  publishAt: Date,
): Promise<Delivery> {
  if (delivery.publishBefore !== undefined || delivery.mode === 'handoff') return delivery;
  const withinMs = await publishWithinMs(ledger, workspaceId);
  if (withinMs === null) return delivery;
  return { ...delivery, publishBefore: new Date(publishAt.getTime() + withinMs).toISOString() };
}

/** A request as it is compared with what was taken in before. */
interface Asked extends Pick<TakenIn, 'scheduleId' | 'platform' | 'accountName'> {
  /** The fingerprint of what was given. */
  readonly takenInAs: string;
}

/** A version of a post that may be stored. */
export interface Checked {
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
  if (await inserted(ledger, row)) {
    const { fingerprint, publishAt, content } = version;
    const bytes = { mediaBytes: mediaBytes(content) };
    return { scheduleId: id, workflowId, fingerprint, platform, accountName, publishAt, ...bytes, created: true };
  }
  const raced = await findSchedule(ledger, workspaceId, id);
  if (raced) return sameOrConflict(raced, asked);
  throw refusal('schedule_conflict', 'id', 'is already taken; choose another id');
}

/** @throws IntakeRefused when it does not fit the delivery set it names */
async function inserted(ledger: Ledger, row: NewSchedule): Promise<boolean> {
  try {
    return await insertSchedule(ledger, row);
  } catch (error) {
    if (!(error instanceof DeliverySetMismatch)) throw error;
    throw refusal('invalid_schedule', 'deliverySet', error.message);
  }
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
