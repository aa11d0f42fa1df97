// What the room of pipelines works with: the protocol's context, and Temporal, by which publishes and runs are started and told.
import type { Client } from '@temporalio/client';
import type { PublishingContext } from '../publishing/context.ts';

export interface PipelineContext extends PublishingContext {
  readonly client: Client;
}
