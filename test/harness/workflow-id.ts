// The stage's workspace, and the workflow id of a schedule in it, written out as the design has it.

export const WORKSPACE = 'sandbox';

export const workflowIdOf = (scheduleId: string) => `publish/${WORKSPACE}/${scheduleId}`;
