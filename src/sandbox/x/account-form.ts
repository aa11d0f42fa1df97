// What a new X account is like: its id, scopes and token lifetimes.
import { snowflakeId } from '../ids.ts';

const dayMs = 24 * 60 * 60_000;

/** Access tokens live two hours, refresh tokens about half a year. */
export const account = {
  newId: snowflakeId,
  scopes: ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'],
  tokenPrefix: '',
  accessLifetimeMs: 7_200_000,
  refreshLifetimeMs: 180 * dayMs,
};
