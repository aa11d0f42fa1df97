// Looks at everything that is due within a day, one page after another: the scheduled look, and what a person asks for.
import type { Logger } from 'pino';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { dueTonight } from '../../ledger/tonight/tonight.ts';
import { checkTonight, type TonightContext } from './foresee.ts';

const PAGE = 100;
/** Looked at beside each other: most of the time is spent waiting for media hosts. */
const AT_ONCE = 5;

type Context = TonightContext & { readonly log: Logger };

export interface LookWanted {
  /** Only this workspace's; every one's where it is left out. */
  readonly workspaceId?: string | undefined;
  /** Asked before every few, with how many were looked at; it may throw to end the look. */
  readonly goOn?: (looked: number) => void;
}

/** Answers at how many it looked; one that cannot be looked at keeps no other waiting. */
export async function lookAtAll(context: Context, { workspaceId, goOn }: LookWanted): Promise<number> {
  const of = workspaceId === undefined ? {} : { workspaceId };
  let looked = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: Awaited<ReturnType<typeof dueTonight>> = await dueTonight(context.ledger, {
      after,
      limit: PAGE,
      ...of,
    });
    for (let at = 0; at < page.length; at += AT_ONCE) {
      goOn?.(looked);
      const some = page.slice(at, at + AT_ONCE);
      await Promise.all(some.map((key) => look(context, key)));
      looked += some.length;
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.workflowId;
  }
  return looked;
}

async function look(context: Context, key: ScheduleKey): Promise<void> {
  try {
    await checkTonight(context, key);
  } catch (error) {
    context.log.warn(
      { err: error, scheduleId: key.scheduleId },
      'a publish that is due tonight could not be looked at',
    );
  }
}
