// Every message of the pipeline workflow, with what the Temporal UI says of it. Bodies are checked where they are answered.
import { defineQuery } from '@temporalio/workflow';
import type { RunMessageName } from '../src/domain/pipeline/run-messages.ts';
import type { PipelineStatus } from './run-status.ts';

/** Each is a signal and an update; the update's reply is the verdict. */
export const RUN_MESSAGES: Readonly<Record<RunMessageName, string>> = {
  retry:
    'Make a new attempt of the stage that failed. {"stage": "publish", "requestedBy": "you", "note": "why"}, all optional.',
  resume: 'Look again now instead of at its time. {"requestedBy": "you", "note": "why"}, all optional.',
  cancel: 'End the run, unless its post may be live. {"requestedBy": "you", "note": "why"}, all optional.',
  rename: 'Give the post another slug, where its own is taken. {"slug": "my-post-2", "requestedBy": "you"}',
  adopt: 'Take the page that stands in the way for the post, as it is. {"pageId": "...", "requestedBy": "you"}',
  submit: 'Hand in what the stage makes. {"stage": "write", "files": {"draft.md": "# Title"}, "requestedBy": "you"}',
};

export const RUN_MESSAGE_NAMES: readonly RunMessageName[] = ['retry', 'resume', 'cancel', 'rename', 'adopt', 'submit'];

export const runStatusQuery = defineQuery<PipelineStatus>('status');
