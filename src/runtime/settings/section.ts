// A group of keys as temporal.yaml writes them.
import { z } from 'zod';

/** A group of keys; a key that is not listed is refused with the list of those that are. */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const allowed = `the keys ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error: allowed });
}
