// Finds what will stop a publish before it is due: from the ledger, from the adapter's own limits, and from the media as they
// are served now. It asks no platform and never touches the publish.
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { Finding } from '../../domain/tonight/finding.ts';
import { readAccount } from '../../ledger/accounts/accounts.ts';
import { heldBefore } from '../../ledger/holds/holds.ts';
import { brokenTarget, gateFacts, lacksXMedia, type SeenFacts } from '../../ledger/schedules/facts.ts';
import { foresee, keepCheck } from '../../ledger/tonight/tonight.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import type { PublishingContext } from '../context.ts';
import { checkRequest, type Intake } from '../intake/intake.ts';
import { mediaFindings, watchMedia } from './media-findings.ts';
import { findingsOf, type Outlook } from './outlook.ts';

export type TonightContext = Pick<PublishingContext, 'ledger' | 'platforms' | 'media' | 'store'>;

/**
 * Looks at one schedule and keeps what was found; null when it does not wait for a time within a day. `readMedia`: whether its
 * files are fetched, which whoever has just read them need not.
 */
export async function checkTonight(
  context: TonightContext,
  key: ScheduleKey,
  { readMedia = true } = {},
): Promise<readonly Finding[] | null> {
  const facts = await foresee(context.ledger, key);
  if (!facts) return null;
  const outlook = outlookOf(facts);
  const found = await findingsOf(context, outlook);
  const media = mediaOf(context, key.workspaceId);
  const findings = readMedia
    ? [...found, ...(await mediaFindings(media, outlook, context.platforms.get(outlook.platform)))]
    : found;
  await keepCheck(context.ledger, { facts, findings });
  return findings;
}

function outlookOf(facts: SeenFacts): Outlook {
  const { schedule, account, held } = facts;
  const { id: scheduleId, workspaceId, platform, accountId, content, delivery, publishAt, publishBefore } = schedule;
  return {
    ...{ workspaceId, scheduleId, platform, accountId, account, content, delivery, publishAt, publishBefore, held },
    targetProblem: brokenTarget(facts),
    gate: gateFacts(facts, false),
  };
}

/** The same for a post that is not stored. @throws IntakeRefused where it would not even be taken in */
export async function checkUnstored(context: TonightContext, intake: Intake, request: unknown): Promise<Finding[]> {
  const watch = watchMedia();
  const { account: chosen, content, delivery, publishAt } = await checkRequest(intake, request, watch.over);
  const { workspaceId } = intake;
  const { id: accountId, platform } = chosen;
  const account = await readAccount(context.ledger, accountId);
  const deliverySetId = delivery.deliverySet?.id ?? null;
  const outlook: Outlook = {
    ...{ workspaceId, scheduleId: null, platform, accountId, account, content, delivery, publishAt },
    publishBefore: delivery.publishBefore === undefined ? null : new Date(delivery.publishBefore),
    targetProblem: null,
    held: await heldBefore(context.ledger, { workspaceId, accountId, deliverySetId }),
    gate: {
      handoff: delivery.mode === 'handoff',
      // Nothing that is not stored can be approved.
      approvalMissing: delivery.approvalRequired,
      disconnected: account?.status !== 'connected',
      xMediaCapabilityMissing: lacksXMedia({ platform, content }, account),
    },
  };
  return [...(await findingsOf(context, outlook)), ...watch.findings(outlook)];
}
