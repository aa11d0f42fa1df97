// The settings a workflow needs. Workflow code cannot read files, so the worker writes them in front of the bundle.
import type { Duration } from '@temporalio/common';

export interface WorkflowPolicy {
  readonly attempt: Duration;
  readonly heartbeat: Duration;
}

declare global {
  var oncepostPolicy: WorkflowPolicy | undefined;
}

const DEFAULTS: WorkflowPolicy = { attempt: '1h', heartbeat: '10s' };

/** The policy of the worker that runs this; timeouts may differ between workers without harm to a replay. */
export const policy: WorkflowPolicy = globalThis.oncepostPolicy ?? DEFAULTS;
