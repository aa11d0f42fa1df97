// A night's worth of practice publishes: what goes wrong is done by the sandbox, and everything runs for real.
import type { ScheduleRequestInput } from '../domain/schedules/schedule-request.ts';
import type { NewFault } from '../sandbox/control.ts';

/** One publish of the night; `faults` meet its account, in their order. */
export interface PracticePublish {
  readonly request: ScheduleRequestInput & { readonly id: string };
  readonly platform: 'x' | 'instagram';
  readonly faults?: readonly (Pick<NewFault, 'call' | 'fault'> & Partial<Pick<NewFault, 'skip'>>)[];
  /** The account's tokens are revoked first. */
  readonly revoked?: true;
}

/** The sandbox's sample media by file name, with their sizes in bytes. */
export type Samples = Readonly<
  Record<'sample.jpg' | 'second.jpg' | 'sample.png', { readonly url: string; readonly sizeBytes: number }>
>;

const SIX_HOURS_MS = 6 * 3_600_000;
const TONIGHT_IN_MS = 8 * 3_600_000;

/** The whole night, in order; ids are fixed, so that making it twice makes it once. */
export function practiceNight(samples: Samples, now: Date): readonly PracticePublish[] {
  const jpeg = { ...samples['sample.jpg'], mediaType: 'image/jpeg', altText: 'A practice picture' } as const;
  const second = { ...samples['second.jpg'], mediaType: 'image/jpeg', altText: 'Another practice picture' } as const;
  const png = { ...samples['sample.png'], mediaType: 'image/png', altText: 'A practice picture' } as const;
  return [
    {
      platform: 'x',
      request: { id: 'practice-live', account: 'sandbox-x', text: 'Good evening: this one simply goes live.' },
    },
    {
      platform: 'x',
      request: { id: 'practice-picture', account: 'sandbox-x', text: 'A post with a picture.', media: [png] },
    },
    {
      platform: 'instagram',
      request: { id: 'practice-instagram', account: 'sandbox-instagram', text: 'A single picture.', media: [jpeg] },
    },
    {
      platform: 'instagram',
      request: {
        id: 'practice-carousel',
        account: 'sandbox-instagram',
        text: 'Two pictures in one post.',
        media: [jpeg, second],
      },
    },
    {
      platform: 'x',
      request: {
        id: 'practice-rate-limit',
        account: 'sandbox-x-busy',
        text: 'X throttles this account until the morning.',
      },
      faults: [{ call: 'create_post', fault: { kind: 'rate_limited', form: 'epoch', resetInMs: SIX_HOURS_MS } }],
    },
    ...behindOneDeadGrant(),
    {
      platform: 'x',
      request: {
        id: 'practice-lost-answer',
        account: 'sandbox-x-lost',
        text: 'The answer to this one is lost, and found again.',
      },
      faults: [{ call: 'create_post', fault: { kind: 'commit_then_reset' } }],
    },
    {
      platform: 'x',
      request: { id: 'practice-replay', account: 'sandbox-x-refused', text: 'X refuses this one once; replay it.' },
      faults: [{ call: 'create_post', fault: { kind: 'refuse_before', preset: 'not_permitted' } }],
    },
    {
      platform: 'x',
      request: {
        id: 'practice-unconfirmed',
        account: 'sandbox-x-silent',
        text: 'Nobody can tell whether this one is live: no answer came, and X would not be asked about it.',
      },
      faults: [
        { call: 'create_post', fault: { kind: 'commit_then_reset' } },
        { call: 'timeline', fault: { kind: 'refuse_before', preset: 'forbidden' } },
      ],
    },
    {
      platform: 'x',
      request: {
        id: 'practice-approval',
        account: 'sandbox-x',
        text: 'This one goes out once somebody has approved it.',
        approvalRequired: true,
      },
    },
    {
      platform: 'instagram',
      request: {
        id: 'practice-handoff',
        account: 'sandbox-instagram',
        text: 'Somebody posts this one by hand.',
        media: [jpeg],
        mode: 'handoff',
      },
    },
    {
      platform: 'instagram',
      request: {
        id: 'practice-media',
        account: 'sandbox-instagram-picky',
        text: 'Instagram refuses the second picture of this one.',
        media: [jpeg, second],
      },
      faults: [{ call: 'create_container.child', fault: { kind: 'refuse_before', preset: 'aspect_ratio' }, skip: 1 }],
    },
    {
      platform: 'x',
      request: {
        id: 'practice-tonight',
        account: 'sandbox-x-revoked',
        text: 'This one is due tonight, and its account is not connected any more.',
        publishAt: new Date(now.getTime() + TONIGHT_IN_MS).toISOString(),
      },
    },
  ];
}

const TIMES_OF_THE_NIGHT = ['The morning news', 'A recipe', 'The weather', 'A question', 'A goodbye'];

/** Five publishes that one repair brings live: a reconnect, then a replay of all of them. */
function behindOneDeadGrant(): readonly PracticePublish[] {
  return TIMES_OF_THE_NIGHT.map((what, index) => ({
    platform: 'x',
    request: {
      id: `practice-reconnect-${index + 1}`,
      account: 'sandbox-x-revoked',
      text: `${what} did not go out: somebody withdrew the permission of this account.`,
    },
    revoked: true,
  }));
}
