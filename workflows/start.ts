// Reads the one object a publish is started with, by whoever: our own doors, a pipeline, or a person in the Temporal UI.
import { ApplicationFailure } from '@temporalio/workflow';
import { SCHEDULE_ID } from '../src/domain/schedules/schedule-id.ts';
import { readPublishWorkflowId } from '../src/domain/temporal/workflow-id.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';
import { UNREADABLE } from './unreadable.ts';

export type PublishStart =
  | { readonly schedule: unknown }
  | {
      readonly scheduleId: string;
      /** Set by a run that continues as new: it waits where the one before it waited. */
      readonly continued: boolean;
      /** Set by doors that know the post: it is carried on the task queue of large media from the beginning. */
      readonly largeMedia: boolean;
      /** Attempts that the run before this one remembered. */
      readonly attempts: number;
    };

const KEYS: readonly string[] = ['schedule', 'scheduleId', 'continued', 'largeMedia', 'attempts'];

const HELP =
  'Start it with one JSON object, {"scheduleId": "<id>"} for a schedule that was taken in, or {"schedule": {...}} with the ' +
  'whole post, under the workflow id publish/<workspace>/<id>. Nothing was published.';

/** @throws ApplicationFailure `InvalidStart`, final, with what is wrong and what to send instead. */
export function readStart(input: unknown, workflowId: string): PublishStart {
  if (input === UNREADABLE) {
    throw invalid(
      'A publish was started with a value that cannot be read: it is not JSON in UTF-8, or nested more than 100 levels deep.',
    );
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('A publish was started without an object.');
  }
  assertKnownKeys(input);
  if ('schedule' in input && !('scheduleId' in input)) return { schedule: input.schedule };
  if (!('scheduleId' in input) || typeof input.scheduleId !== 'string' || 'schedule' in input) {
    throw invalid('A publish was started without exactly one of "scheduleId" (a text) and "schedule".');
  }
  const { scheduleId } = input;
  if (!SCHEDULE_ID.test(scheduleId)) {
    throw invalid(
      `"${toPlainText(scheduleId, 128)}" is no schedule id: it takes 1 to 128 letters, digits, dots, dashes or underscores.`,
    );
  }
  if (readPublishWorkflowId(workflowId)?.scheduleId !== scheduleId) {
    throw invalid(`The workflow id "${toPlainText(workflowId, 200)}" does not belong to schedule "${scheduleId}".`);
  }
  const attempts = 'attempts' in input && Number.isSafeInteger(input.attempts) ? Number(input.attempts) : 0;
  return { scheduleId, continued: isTrue(input, 'continued'), largeMedia: isTrue(input, 'largeMedia'), attempts };
}

function isTrue(input: object, key: string): boolean {
  return Object.entries(input).some(([name, value]) => name === key && value === true);
}

function assertKnownKeys(input: object): void {
  const unknown = Object.keys(input).find((key) => !KEYS.includes(key));
  if (unknown === undefined) return;
  throw invalid(`A publish was started with the field "${toPlainText(unknown, 128)}", which is not known.`);
}

function invalid(what: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${what} ${HELP}`, 'InvalidStart');
}
