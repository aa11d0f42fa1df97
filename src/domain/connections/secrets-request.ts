// What a caller sends to connect an account whose platform takes secrets instead of asking a person on its own pages.
import { z } from 'zod';
import { repairedSchema } from './connection.ts';

const secret = z.string().min(1).max(1_000);

export const connectRequestSchema = z
  .strictObject({
    platform: z.string().min(1).max(64),
    /** How schedules call it; what the platform calls it without one. */
    name: z.string().max(200).nullish(),
    /** The fields that the platform asks for, by name. */
    secrets: z.record(z.string().max(64), secret),
  })
  .meta({ id: 'ConnectRequest' });
export type ConnectRequest = z.infer<typeof connectRequestSchema>;

export const connectedSchema = z
  .object({
    id: z.string(),
    /** True: the workspace had the account already, and it has a new grant now. */
    reconnected: z.boolean(),
    /** What failed for want of this grant and may be replayed now, by cause; nothing is replayed by itself. */
    repaired: z.array(repairedSchema),
  })
  .meta({ id: 'Connected' });
export type Connected = z.infer<typeof connectedSchema>;
