// Which of a post's media a refusal is about, for whoever is to put another one in its place.
import { ABOUT_MEDIA, type Cause } from '../domain/causes/causes.ts';
import { StepRefused } from './step-errors.ts';

/** A step for one of the post's media, from 0: what it is refused for about the media names that item. */
export async function ofMediaItem<Value>(mediaItem: number, step: Promise<Value>): Promise<Value> {
  try {
    return await step;
  } catch (error) {
    throw error instanceof StepRefused ? new StepRefused(aboutItem(error.cause, mediaItem)) : error;
  }
}

/** The cause with the item it is about; one of the grant or the account is about none. */
export function aboutItem(cause: Cause, mediaItem: number): Cause {
  return ABOUT_MEDIA.has(cause.code) ? { ...cause, mediaItem } : cause;
}
