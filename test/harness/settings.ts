// Settings for tests: the project's own file with short waits, written to the stage's folder.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/** Dotted path -> value, for example `{'timeouts.answer': '2s'}`. */
export type SettingChanges = Readonly<Record<string, string | number | boolean | object>>;

const SHORT: SettingChanges = {
  'timeouts.heartbeat': '2s',
  'timeouts.lease': '2s',
  'timeouts.send_window': '2s',
  'timeouts.answer': '1500ms',
  'timeouts.media_processing': '4s',
  'timeouts.busy_account': '500ms',
  'timeouts.account_wait': '2s',
  'timers.retry_min': '200ms',
  'timers.retry_jitter': '0s',
  'timers.unreachable_first': '300ms',
  'timers.unreachable_max': '1s',
  'timers.unreachable_tries': 3,
  'reconcile.visibility_horizon.default': '500ms',
  'reconcile.visibility_horizon.x': '500ms',
  'reconcile.visibility_horizon.instagram': '500ms',
  'reconcile.visibility_horizon.bluesky': '500ms',
  'reconcile.visibility_horizon.ghost': '500ms',
  'reconcile.visibility_horizon.wordpress': '500ms',
  'reconcile.first_look': '100ms',
  'reconcile.spacing': '300ms',
  'reconcile.read_retry': '300ms',
  'reconcile.give_up_after': '5s',
  // Tests sweep by themselves: Temporal's schedule would do it on the hour, in the middle of one.
  'sweep.every': '24h',
  'tonight.every': '24h',
  'sweep.grace': '1s',
  // They look for news by themselves, too.
  'notifications.every': '24h',
};

/** Writes the settings file of one stage and answers its path. */
export function writeSettings(folder: string, taskQueue: string, changes: SettingChanges = {}): string {
  const document = parseDocument(readFileSync(new URL('../../temporal.yaml', import.meta.url), 'utf8'));
  const all: SettingChanges = { ...SHORT, 'task_queues.publish.name': taskQueue, ...changes };
  for (const [path, value] of Object.entries(all))
    document.setIn(path.split('.'), document.createNode(value, { aliasDuplicateObjects: false }));
  const file = join(folder, 'temporal.yaml');
  writeFileSync(file, String(document));
  return file;
}
