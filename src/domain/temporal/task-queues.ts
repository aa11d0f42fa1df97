// The task queues of a deployment: one for publishes and every workflow, and two of few slots beside it.

/** Large media have slots of their own, so that they never take those of texts, and so that memory is bounded. */
export const mediaQueueOf = (publishQueue: string) => `${publishQueue}-media`;

/** What people ask for around publishes (sweeps, batches, exports, notifications), so that it never takes a publish's slot. */
export const recoveryQueueOf = (publishQueue: string) => `${publishQueue}-recovery`;
