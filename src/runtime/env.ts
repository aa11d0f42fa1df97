// The one door to the environment: every variable Oncepost reads, checked once.
import { z } from 'zod';
import { StartRefused } from './start-refused.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const key = z
  .string()
  .refine((value) => Buffer.from(value, 'base64').length === 32, 'must be 32 bytes in base64')
  .transform((value) => new Uint8Array(Buffer.from(value, 'base64')));

const envSchema = z.object({
  /** PostgreSQL; without it an embedded one is used by `start`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Seals the grants of connected accounts. */
  ONCEPOST_SECRET_KEY: key.optional(),
  /** Where `start` keeps its state. */
  ONCEPOST_DATA: z.string().min(1).default('data'),
  ONCEPOST_SETTINGS: z.string().min(1).optional(),
  ONCEPOST_HOST: z.string().min(1).default('127.0.0.1'),
  ONCEPOST_PORT: port.default(7800),
  ONCEPOST_SANDBOX_PORT: port.default(7801),
  ONCEPOST_POSTGRES_PORT: port.default(7802),
  ONCEPOST_TEMPORAL_PORT: port.default(7233),
  ONCEPOST_TEMPORAL_UI_PORT: port.default(8233),
  /** A `temporal` program to use for the local server. */
  ONCEPOST_TEMPORAL_PROGRAM: z.string().min(1).optional(),
  /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. */
  ONCEPOST_TRUSTED_PROXIES: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .default([]),
  /** 1: media may be fetched from private and loopback addresses, as the sandbox needs it. */
  ONCEPOST_ALLOW_PRIVATE_MEDIA: flag.default(false),
  ONCEPOST_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** For the CLI and the client: the server's address and an API key. */
  ONCEPOST_URL: z.url({ protocol: /^https?$/ }).optional(),
  ONCEPOST_API_KEY: z.string().min(1).optional(),
  /** Prometheus metrics of the worker, as host:port. */
  ONCEPOST_METRICS: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port')
    .optional(),
  TEMPORAL_ADDRESS: z.string().min(1).optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).optional(),
  XDG_CACHE_HOME: z.string().optional(),
});
export type Env = z.infer<typeof envSchema>;

/** Reads the environment. An empty variable counts as absent. @throws StartRefused that names the variable */
export function readEnv(raw: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = envSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // The value itself is not repeated: it may be a secret.
  throw new StartRefused(
    `The environment variable ${issue?.path.join('.')} cannot be used: ${issue?.message}; nothing was started; correct it and start again.`,
  );
}
