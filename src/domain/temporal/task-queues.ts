// The task queues of a deployment: one for publishes and every workflow, and three of few slots beside it.

/** Large media have slots of their own, so that they never take those of texts, and so that memory is bounded. */
export const mediaQueueOf = (publishQueue: string) => `${publishQueue}-media`;

/** What people ask for around publishes (sweeps, batches, exports, notifications), so that it never takes a publish's slot. */
export const recoveryQueueOf = (publishQueue: string) => `${publishQueue}-recovery`;

/** The stages of pipelines: programs of users' own among them, which take as long as they take. */
export const stagesQueueOf = (publishQueue: string) => `${publishQueue}-stages`;
