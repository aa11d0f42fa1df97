// The sixteen failure modes (DESIGN section 9): what each is, what is done about it unasked, and what a person does. One table behind the
// page, the API and the documents.

interface FailureMode {
  readonly failure: string;
  /** What the product does by itself. */
  readonly response: string;
  /** The address where an operator sees it. */
  readonly signal: string;
  readonly recovery: string;
}

export const FAILURE_MODES = {
  'F-01': {
    failure: 'What a connector sends cannot be read, or is not signed by whom it says.',
    response: 'It is discarded and recorded; after repeats an alarm opens.',
    signal: '/events?outcome=failure',
    recovery: 'Correct the sender, and have it send again.',
  },
  'F-02': {
    failure: 'An event is taken for one that came before.',
    response: 'It is discarded and recorded.',
    signal: '/audit?type=event.deduped',
    recovery: 'Clear its dedupe key, and have it sent again.',
  },
  'F-03': {
    failure: 'No rule knows where an event belongs, and the model that is asked does not answer, or not with a choice.',
    response: 'A task asks a person; nothing is tried again by itself.',
    signal: '/tasks?kind=clarification',
    recovery: 'Answer the task.',
  },
  'F-04': {
    failure: 'A step fails in a way that nobody foresaw.',
    response: 'The step and its task have failed, with the error.',
    signal: '/tasks?status=failed',
    recovery: 'Mend what it names, then retry the task.',
  },
  'F-05': {
    failure: 'A task makes no progress.',
    response: 'An alarm opens; the task is left running.',
    signal: '/alarms?kind=task_stuck',
    recovery: 'Cancel the task, or retry it.',
  },
  'F-06': {
    failure: 'A worker dies in the middle of a step.',
    response: 'What may have happened is stored as unknown, found out, and the step goes on.',
    signal: '/audit?type=tool_call.unknown',
    recovery: 'None is needed: it is reconciled by itself, or asks a person.',
  },
  'F-07': {
    failure: 'An approval expires while something waits for it.',
    response: 'By its policy, what waits has failed, or a new approval is asked for.',
    signal: '/approvals',
    recovery: 'Approve the new one, or cancel what waits.',
  },
  'F-08': {
    failure: 'Something outside does not answer.',
    response: 'Calls to it fail at once and nothing leaves; an alarm opens at a threshold.',
    signal: '/integrations',
    recovery: 'Mend it, then enable the integration again.',
  },
  'F-09': {
    failure: 'A provider answers that there were too many calls.',
    response: 'Calls of that kind wait until its window resets.',
    signal: '/integrations',
    recovery: 'None is needed: it goes on after the reset.',
  },
  'F-10': {
    failure: 'One idempotency key stands for two different calls.',
    response: 'The earlier result is returned, and an alarm opens.',
    signal: '/alarms?kind=call_mismatch',
    recovery: 'Look at how the key is made, then resolve the alarm.',
  },
  'F-11': {
    failure: 'An MCP server goes away in the middle of a call.',
    response: 'What the call did is unknown, and is found out once the server is back.',
    signal: '/integrations',
    recovery: 'None is needed: it is reconciled by itself, or asks a person.',
  },
  'F-12': {
    failure: 'A recurring schedule falls due while nothing runs.',
    response: 'Each missed slot is recorded, and made up for by the policy of the schedule.',
    signal: '/audit?type=schedule.missed',
    recovery: 'None is needed.',
  },
  'F-13': {
    failure: 'A watcher fails at its tick.',
    response: 'It is recorded; at a threshold an alarm opens.',
    signal: '/watchers',
    recovery: 'Mend what it names, then enable the watcher again.',
  },
  'F-14': {
    failure: 'A rule fires far too often.',
    response: 'It is stopped for now, and an alarm opens.',
    signal: '/rules',
    recovery: 'Disable the rule or raise its debounce, then resolve the alarm.',
  },
  'F-15': {
    failure: 'The audit trail cannot be written.',
    response: 'What was to be recorded does not happen; the health is degraded.',
    signal: '/health',
    recovery: 'Mend the database, then send it again.',
  },
  'F-16': {
    failure: 'A secret stands in what is about to be recorded.',
    response: 'It is masked, and a critical alarm opens at once.',
    signal: '/alarms?kind=secret_leak_detected',
    recovery: 'Replace the secret, add its pattern to the policy, and look through what is stored.',
  },
} as const satisfies Record<string, FailureMode>;
export type FailureModeId = keyof typeof FAILURE_MODES;
