// The three practice runs: what each is about, and how far it is brought. What goes wrong is done by the sandbox's site.
import type { RunView } from '../domain/pipeline/run-view.ts';
import { hasEnded } from '../domain/pipeline/states.ts';
import { PUBLISH, WRITE } from './pipeline.ts';

/** One practice run. */
export interface PracticeRun {
  readonly slug: string;
  readonly brief: string;
  /** Null: it is left to whoever practises. */
  readonly draft: string | null;
  /** The site's tool says of this run's publish that it did nothing, and has published. */
  readonly siteLies: boolean;
}

/** What is done next for a practice run; `wait`: it is at work. */
export type PracticeStep = 'submit' | 'approve' | 'go_back' | 'wait' | 'done';

/** In the order in which they are made. `sandboxUrl`: where its pictures are found. */
export function practiceRuns(sandboxUrl: string): readonly PracticeRun[] {
  return [
    {
      slug: 'published-and-checked',
      brief: 'A note on what happens to a post before readers see it.\n',
      draft: `# Published, and checked as a visitor

This note was written, reviewed, approved and published, and then its public page was fetched as a visitor fetches it.

## What was checked

- It answers at its planned address, which it names as its own.
- Its title, its headings and its text are there, in their order.
- No planning marker is left, and its picture answers:

![A practice picture](${sandboxUrl}/media/sample.png)
`,
      siteLies: false,
    },
    {
      slug: 'live-though-told-failed',
      brief: 'A note on a post that is live while a record says that it failed.\n',
      draft: `# Live, though its record says that it failed

The site published this note, and said that it could not save it. So the record of its run says "failed", and readers can read it.

## What not to do

Publishing it again would make a second one. Approve its run instead: the site is asked what stands there, before anything is sent.
`,
      siteLies: true,
    },
    {
      slug: 'waits-for-your-text',
      brief: 'Write what you like: a heading, and a paragraph below it. Hand it in on the page of this run.\n',
      draft: null,
      siteLies: false,
    },
  ];
}

/** Looks at where it stands and at nothing else, so that whoever was interrupted goes on. */
export function practiceStep({ draft, siteLies }: PracticeRun, { run, asks, attempts }: RunView): PracticeStep {
  if (hasEnded(run.state)) return 'done';
  const hasFailed = attempts.some(({ stage, outcome }) => stage === PUBLISH && outcome === 'failed');
  if (run.stage === WRITE && run.state === 'waiting') return draft === null ? 'done' : 'submit';
  if (asks !== null && siteLies && hasFailed) return run.state === 'waiting' ? 'done' : 'wait';
  if (asks !== null) return 'approve';
  if (siteLies && run.stage === PUBLISH && run.state === 'failed') return 'go_back';
  return 'wait';
}
