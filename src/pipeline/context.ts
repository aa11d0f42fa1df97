// What the room of pipelines works with: the protocol's context, and Temporal, by which publishes and runs are started and told.
import type { Client } from '@temporalio/client';
import type { PublishingContext } from '../publishing/context.ts';
import type { VisitDoor } from '../transport/visit.ts';
import type { Look } from './runners/lookup.ts';
import type { Run } from './runners/runner.ts';

/** The runners that need more than the ledger. */
export interface StageRunners {
  readonly command: Run;
  readonly http: Run;
  readonly mcp: Run;
}

/** Who is asked where the outcome of a call is unknown. */
export type StageLookups = Readonly<Record<keyof StageRunners, Look>>;

/** What only a worker that runs stages opens. */
export type StageDoors = Pick<PipelineContext, 'runners' | 'lookups' | 'visits'>;

export interface PipelineContext extends PublishingContext {
  readonly client: Client;
  /** The way to public pages, as a visitor goes it. */
  readonly visits: Pick<VisitDoor, 'ask'>;
  readonly runners: StageRunners;
  readonly lookups: StageLookups;
}
