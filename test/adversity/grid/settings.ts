// Settings of the grid's stages: as short as hundreds of publishes at once allow, and in the proportions of production.

/** How long after its send deadline a post may stay hidden, and how far apart two misses must lie. */
export const HORIZON_MS = 3_000;
export const SPACING_MS = 2_000;

/**
 * A create whose answer never comes is given up after `send_window` + `answer` = 9 s; a post that no look has seen is
 * absent `send_window` + horizon + spacing = 10 s after it was sent.
 */
export const GRID_SETTINGS = {
  'task_queues.publish.max_concurrent_publishes': 200,
  'timeouts.heartbeat': '10s',
  'timeouts.lease': '10s',
  'timeouts.send_window': '5s',
  'timeouts.answer': '4s',
  'timeouts.media_processing': '8s',
  'timers.unreachable_tries': 3,
  'reconcile.visibility_horizon.x': '3s',
  'reconcile.visibility_horizon.instagram': '3s',
  'reconcile.visibility_horizon.ghost': '3s',
  'reconcile.first_look': '200ms',
  'reconcile.spacing': '2s',
  'reconcile.read_retry': '4s',
  'reconcile.give_up_after': '1m',
} as const;
