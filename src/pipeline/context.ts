// What the room of pipelines works with: the protocol's context, and Temporal, by which publishes and runs are started and told.
import type { Client } from '@temporalio/client';
import type { PublishingContext } from '../publishing/context.ts';
import type { Run } from './runners/runner.ts';

/** The runners that need more than the ledger. */
export interface StageRunners {
  readonly command: Run;
  readonly http: Run;
  readonly mcp: Run;
}

export interface PipelineContext extends PublishingContext {
  readonly client: Client;
  readonly runners: StageRunners;
}
