// Finds what will stop a publish before it is due: from the ledger, from the adapter's own limits, and from the media as they
// are served now. It asks no platform and never touches the publish.
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { Finding } from '../../domain/tonight/finding.ts';
import { readAccount } from '../../ledger/accounts/accounts.ts';
import { heldBefore } from '../../ledger/holds/holds.ts';
import { brokenTarget, gateFacts, type SeenFacts } from '../../ledger/schedules/facts.ts';
import { countBefore, foresee, keepCheck } from '../../ledger/tonight/tonight.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import type { PublishingContext } from '../context.ts';
import { checkRequest, type Intake } from '../intake/intake.ts';
import { mediaFindings } from './media-findings.ts';
import { findingsOf, type Outlook } from './outlook.ts';

export type TonightContext = Pick<PublishingContext, 'ledger' | 'platforms' | 'media' | 'store'>;

/**
 * Looks at one schedule and keeps what was found; null when it does not wait for its time any more. `readMedia`: whether its
 * files are fetched, which whoever has just read them need not.
 */
export async function checkTonight(
  context: TonightContext,
  key: ScheduleKey,
  { readMedia = true } = {},
): Promise<readonly Finding[] | null> {
  const facts = await foresee(context.ledger, key);
  if (!facts) return null;
  const outlook = await outlookOf(context, facts);
  const found = findingsOf(context, outlook);
  const media = mediaOf(context, key.workspaceId);
  const findings = readMedia
    ? [...found, ...(await mediaFindings(media, outlook, context.platforms.get(outlook.platform)))]
    : found;
  await keepCheck(context.ledger, { facts, findings });
  return findings;
}

async function outlookOf({ ledger }: TonightContext, facts: SeenFacts): Promise<Outlook> {
  const { schedule, account, held } = facts;
  const { id: scheduleId, platform, accountId, content, delivery, publishAt } = schedule;
  return {
    ...{ scheduleId, platform, accountId, account, content, delivery, publishAt, held },
    targetProblem: brokenTarget(facts),
    approvalMissing: gateFacts(facts, false).approvalMissing,
    beforeIt: await countBefore(ledger, { workspaceId: schedule.workspaceId, accountId, publishAt }),
  };
}

/** The same for a post that is not stored. @throws IntakeRefused where it would not even be taken in */
export async function checkUnstored(context: TonightContext, intake: Intake, request: unknown): Promise<Finding[]> {
  const { account, content, delivery, publishAt } = await checkRequest(intake, request);
  const { workspaceId } = intake;
  const { id: accountId, platform } = account;
  return findingsOf(context, {
    ...{ scheduleId: '', platform, accountId, content, delivery, publishAt },
    account: await readAccount(context.ledger, accountId),
    targetProblem: null,
    held: await heldBefore(context.ledger, { workspaceId, accountId, deliverySetId: delivery.deliverySet?.id ?? null }),
    // Nothing that is not stored can be approved.
    approvalMissing: delivery.approvalRequired,
    beforeIt: await countBefore(context.ledger, { workspaceId, accountId, publishAt }),
  });
}
