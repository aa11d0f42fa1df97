// The task queues of a deployment: one for everything, and one of few slots for publishes whose media are large.

/** Large media have slots of their own, so that they never take those of texts, and so that memory is bounded. */
export const mediaQueueOf = (publishQueue: string) => `${publishQueue}-media`;
