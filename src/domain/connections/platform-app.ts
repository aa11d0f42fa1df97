// A platform app: the client by which a workspace asks people on a platform for their grants.
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';
import { platformAddressSchema } from './platform-address.ts';

/** Ids and secrets of clients are printable ASCII; what stands around one when it is pasted is none of it. */
const credential = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,512}$/, 'must be 1 to 512 visible ASCII characters without spaces');

export const platformAppRequestSchema = z
  .strictObject({
    clientId: credential,
    /** Absent: a public client, where the platform has such. */
    clientSecret: credential.nullish(),
    /** Another address of the platform's API, for example of a sandbox. */
    apiBase: platformAddressSchema.nullish(),
  })
  .meta({ id: 'PlatformAppRequest' });
export type PlatformAppRequest = z.infer<typeof platformAppRequestSchema>;

export const platformAppSchema = z
  .object({
    platform: z.string(),
    platformLabel: z.string(),
    clientId: z.string(),
    /** The secret itself is never shown again. */
    hasSecret: z.boolean(),
    apiBase: z.string().nullable(),
    setAt: instantSchema,
    setBy: z.string(),
    /** What must be registered with the platform as the address people come back to. */
    redirectAddress: z.string().nullable(),
  })
  .meta({ id: 'PlatformApp' });
export type PlatformApp = z.infer<typeof platformAppSchema>;

export const platformAppsSchema = z.object({ apps: z.array(platformAppSchema) }).meta({ id: 'PlatformApps' });

/** Where a platform sends people back to, on the pages at `origin`. */
export const callbackPath = (platform: string): string => `/connections/${platform}/callback`;
