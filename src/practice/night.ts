// A night's worth of practice publishes: what goes wrong is done by the sandbox, and everything runs for real.
import type { ScheduleRequestInput } from '../domain/schedules/schedule-request.ts';
import type { NewFault } from '../sandbox/control.ts';

/** One publish of the night; `fault` meets its account before it runs. */
export interface PracticePublish {
  readonly request: ScheduleRequestInput & { readonly id: string };
  readonly platform: 'x' | 'instagram';
  readonly fault?: Pick<NewFault, 'call' | 'fault'>;
  /** The account's tokens are revoked first. */
  readonly revoked?: true;
}

/** The sandbox's sample media by file name, with their sizes in bytes. */
export type Samples = Readonly<
  Record<'sample.jpg' | 'sample.png', { readonly url: string; readonly sizeBytes: number }>
>;

const SIX_HOURS_MS = 6 * 3_600_000;

/** The whole night, in order; ids are fixed, so that making it twice makes it once. */
export function practiceNight(samples: Samples): readonly PracticePublish[] {
  const jpeg = { ...samples['sample.jpg'], mediaType: 'image/jpeg', altText: 'A practice picture' } as const;
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
        media: [jpeg, jpeg],
      },
    },
    {
      platform: 'x',
      request: {
        id: 'practice-rate-limit',
        account: 'sandbox-x-busy',
        text: 'X throttles this account until the morning.',
      },
      fault: { call: 'create_post', fault: { kind: 'rate_limited', form: 'epoch', resetInMs: SIX_HOURS_MS } },
    },
    {
      platform: 'x',
      request: {
        id: 'practice-reconnect',
        account: 'sandbox-x-revoked',
        text: 'Somebody withdrew the permission of this account.',
      },
      revoked: true,
    },
    {
      platform: 'x',
      request: {
        id: 'practice-lost-answer',
        account: 'sandbox-x-lost',
        text: 'The answer to this one is lost, and found again.',
      },
      fault: { call: 'create_post', fault: { kind: 'commit_then_reset' } },
    },
    {
      platform: 'x',
      request: { id: 'practice-replay', account: 'sandbox-x-refused', text: 'X refuses this one once; replay it.' },
      fault: { call: 'create_post', fault: { kind: 'refuse_before', preset: 'not_permitted' } },
    },
  ];
}
