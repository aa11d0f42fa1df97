// When each member of a batch has its turn, and which are too old for one.
import { gapMs, type Pace } from '../schedules/pace.ts';

export interface Turns<Member> {
  /** In the order in which they were due, each with the instant of its turn. */
  readonly turns: readonly { readonly member: Member; readonly dueAt: Date }[];
  readonly tooOld: readonly Member[];
}

export interface TurnRule {
  readonly pace: Pace;
  /** What was due before that is left out; null: nothing is. */
  readonly skipOlder: Date | null;
  readonly now: Date;
}

/** Orders members by when their posts were due; of one instant, by their ids. */
export function takeTurns<Member extends { readonly publishAt: Date; readonly scheduleId: string }>(
  members: readonly Member[],
  { pace, skipOlder, now }: TurnRule,
): Turns<Member> {
  const ordered = members.toSorted(
    (a, b) => a.publishAt.getTime() - b.publishAt.getTime() || (a.scheduleId < b.scheduleId ? -1 : 1),
  );
  const isTooOld = ({ publishAt }: Member) => skipOlder !== null && publishAt < skipOlder;
  const going = ordered.filter((member) => !isTooOld(member));
  const gap = gapMs(pace, going.length, now);
  return {
    turns: going.map((member, place) => ({ member, dueAt: new Date(now.getTime() + place * gap) })),
    tooOld: ordered.filter(isTooOld),
  };
}
