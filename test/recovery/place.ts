// Puts schedules into the ledger as they would stand there, without publishing anything.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { type CauseCode, cause } from '../../src/domain/causes/causes.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../src/domain/schedules/states.ts';
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { approvals, intents, posts, schedules, scheduleVersions } from '../../src/ledger/schema/schedules.ts';
import type { Stage } from '../harness/stage.ts';

const MINUTE_MS = 60_000;
export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS);

export type Actor = typeof schedules.$inferSelect.creator;
export const PIPELINE: Actor = { type: 'API_KEY', id: 'key-1', label: 'nightly pipeline' };

export interface Placed {
  readonly state: ScheduleState;
  readonly cause?: CauseCode;
  readonly id?: string;
  readonly accountId: string;
  readonly platform?: string;
  readonly text?: string;
  readonly withMedia?: boolean;
  /** The failure lies this many minutes back. */
  readonly failedMinutesAgo?: number;
  readonly publishAt?: Date;
  readonly handoffMode?: boolean;
  readonly approvalRequired?: boolean;
  /** An edit gave it other media, this many minutes ago. */
  readonly mediaReplacedMinutesAgo?: number;
  /** A decision on the present version, this many minutes ago. */
  readonly decision?: {
    readonly verdict: 'approved' | 'rejected';
    readonly minutesAgo: number;
    readonly stale?: boolean;
  };
  readonly creator?: Actor;
  readonly lastActor?: Actor;
  readonly recoveryOwner?: Actor;
  readonly handoffOwner?: Actor;
  readonly openIntent?: boolean;
}

const PICTURE = { url: 'https://media.example/1.jpg', mediaType: 'image/jpeg', sizeBytes: 1_000 } as const;

/** Connects an account that has been connected since long before any failure here. */
export async function placeAccount(
  stage: Stage,
  changes: Partial<typeof connectedAccounts.$inferInsert> & { readonly name: string; readonly workspaceId?: string },
): Promise<string> {
  const { ledger } = stage.context;
  const { name, workspaceId = stage.workspaceId, platform = 'x', ...rest } = changes;
  const wanted = {
    workspaceId,
    platform,
    name,
    remoteId: randomUUID(),
    apiBase: null,
    scopes: [],
    grantExpiresAt: null,
  };
  const id = await connectAccount(ledger, { ...wanted, grant: { accessToken: 'secret-token' }, actor: PIPELINE });
  await ledger.db
    .update(connectedAccounts)
    .set({ connectedAt: minutesAgo(600), ...rest })
    .where(eq(connectedAccounts.id, id));
  return id;
}

/** Stores a schedule with what belongs to it, and answers its id. */
export async function place(stage: Stage, wanted: Placed, workspaceId = stage.workspaceId): Promise<string> {
  const id = wanted.id ?? randomUUID();
  const fingerprint = `fingerprint-of-${id}`;
  const own = () => ({ id: randomUUID(), workspaceId, scheduleId: id, accountId: wanted.accountId, fingerprint });
  await stage.context.ledger.db.transaction(async (tx) => {
    await tx.insert(schedules).values({
      id,
      workspaceId,
      workflowId: `publish/${workspaceId}/${id}`,
      fingerprint,
      takenInAs: fingerprint,
      ...rowOf(wanted),
    });
    if (wanted.state === 'published') {
      const post = { platformPostId: id, url: `https://x.com/i/web/status/${id}`, publishedAt: minutesAgo(50) };
      await tx.insert(posts).values({ ...own(), ...post, evidence: 'answered' });
    }
    if (wanted.openIntent) {
      const sent = { attemptNumber: 1, fence: 1, sentAt: minutesAgo(60), sendDeadline: minutesAgo(59), markers: {} };
      await tx.insert(intents).values({ ...own(), ...sent, state: 'unknown' });
    }
    if (wanted.mediaReplacedMinutesAgo !== undefined) {
      const { accountId, content, delivery } = rowOf(wanted);
      const was = {
        fingerprint: 'the version before',
        accountId,
        content,
        delivery,
        changed: ['media_changed'] as const,
      };
      const replaced = { replacedAt: minutesAgo(wanted.mediaReplacedMinutesAgo), replacedBy: PIPELINE };
      await tx
        .insert(scheduleVersions)
        .values({ workspaceId, scheduleId: id, ...was, changed: [...was.changed], ...replaced });
    }
    if (wanted.decision) {
      const { verdict, minutesAgo: ago, stale } = wanted.decision;
      const decision = { verdict, decidedBy: PIPELINE, decidedAt: minutesAgo(ago) };
      await tx
        .insert(approvals)
        .values({ ...own(), ...decision, ...(stale ? { fingerprint: 'another version' } : {}) });
    }
  });
  return id;
}

function rowOf(wanted: Placed) {
  const handoffMode = wanted.handoffMode ?? wanted.state.startsWith('handoff');
  const { platform = 'x', creator = PIPELINE } = wanted;
  const { waitsForPerson, ended } = SCHEDULE_STATES[wanted.state];
  return {
    accountId: wanted.accountId,
    platform,
    content: { text: wanted.text ?? 'Hello', media: wanted.withMedia ? [PICTURE] : [] },
    delivery: {
      publishAt: null,
      mode: handoffMode ? 'handoff' : 'publish',
      approvalRequired: wanted.approvalRequired ?? false,
      options: {},
    },
    publishAt: wanted.publishAt ?? minutesAgo(90),
    state: wanted.state,
    traceId: randomUUID(),
    ...failureOf(wanted, platform),
    wakeAt: waitsForPerson || ended ? null : minutesAgo(-5),
    creator,
    lastActor: wanted.lastActor ?? creator,
    recoveryOwner: wanted.recoveryOwner ?? null,
    handoff: handoffMode ? { owner: wanted.handoffOwner ?? null, reason: 'by hand' } : null,
    createdAt: minutesAgo(120),
    updatedAt: minutesAgo(60),
  } as const;
}

function failureOf({ cause: code, failedMinutesAgo = 60 }: Placed, platform: string) {
  if (!code) return {};
  return { cause: causeOf(code, platform), failedAt: minutesAgo(failedMinutesAgo), attemptsMade: 1 };
}

function causeOf(code: CauseCode, platform: string) {
  const rawText = '{"detail":"the raw answer, for engineers only"}';
  return cause({
    code,
    platform,
    source: 'raw_error_signature',
    stage: 'create',
    externalText: 'what the platform said',
    rawText,
    httpStatus: 403,
  });
}
