// The manners of a long-running process of ours: says when it is ready, stops when asked, and ends with its parent.

/** A process that was told to refuse: its one sentence is on stderr, and starting it again unchanged will not help. */
export const EXIT_REFUSED = 78;

/** Tells the supervisor, when there is one, that this process serves. */
export function tellReady(): void {
  process.send?.({ type: 'ready' });
}

/** Resolves when the process should stop: a signal, or the supervisor is gone. */
export function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    if (process.send === undefined) return;
    process.on('disconnect', () => resolve());
    // It may have gone before anybody listened.
    if (!process.connected) resolve();
  });
}
