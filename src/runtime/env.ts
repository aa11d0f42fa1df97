// The one door to the environment: every variable Oncepost reads, checked once.
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { z } from 'zod';
import { keepSecrets } from './known-secrets.ts';
import { isLoopback } from './ports.ts';
import { StartRefused } from './start-refused.ts';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port, from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port, from 0 to 65535');
const flag = z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1');
const sdkFlag = z.enum(['0', '1', 'true', 'false'], 'must be 0, 1, true or false').optional();
/** Characters that are no base64 would be left out silently, and the key would be another than the one meant. */
const key = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64: 43 characters and one =')
  .transform((value) => new Uint8Array(Buffer.from(value, 'base64')));
/** The form of what stands in a version's name on Temporal's side, and in the commands for it. */
const versionPart = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must be 1 to 100 letters, digits, dots, dashes or underscores, and begin with a letter or digit',
  )
  .optional();
/** Curl takes an address without a scheme, too. */
const proxy = z
  .string()
  .trim()
  .transform((value) => (value.includes('://') ? value : `http://${value}`))
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https address of a proxy');
/** What is said to a provider proves who people are, so nobody on the way may read or change it. */
function isPrivateTo(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || isLoopback(url?.hostname.replace(/^\[|\]$/g, '') ?? '');
}
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const variablesSchema = z.object({
  /** PostgreSQL; without it an embedded one is used by `start`. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional(),
  /** Seals the grants of connected accounts. */
  ONCEPOST_SECRET_KEY: key.optional(),
  /** Seals what Temporal stores; several, the newest first: the first seals, each opens. */
  ONCEPOST_PAYLOAD_KEY: z
    .string()
    .transform((value) => value.trim().split(/\s+/))
    .pipe(z.array(key))
    .optional(),
  /** Where `start` keeps its state. */
  ONCEPOST_DATA: z.string().min(1).default('data'),
  /** The folder of the media store; `media` in the data folder without it. */
  ONCEPOST_MEDIA: z.string().min(1).optional(),
  /** The media store in a bucket instead, for several machines. */
  ONCEPOST_MEDIA_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be the name of a bucket')
    .optional(),
  /** Of a server other than Amazon's. */
  ONCEPOST_MEDIA_S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  ONCEPOST_MEDIA_S3_REGION: z.string().min(1).default('us-east-1'),
  ONCEPOST_MEDIA_S3_ACCESS_KEY_ID: z.string().trim().min(1).optional(),
  ONCEPOST_MEDIA_S3_SECRET_ACCESS_KEY: z.string().trim().min(1).optional(),
  ONCEPOST_SETTINGS: z.string().min(1).optional(),
  ONCEPOST_HOST: z.string().min(1).default('127.0.0.1'),
  ONCEPOST_PORT: port.default(7800),
  ONCEPOST_SANDBOX_PORT: port.default(7801),
  ONCEPOST_POSTGRES_PORT: port.default(7802),
  ONCEPOST_TEMPORAL_PORT: port.default(7233),
  ONCEPOST_TEMPORAL_UI_PORT: port.default(8233),
  ONCEPOST_CODEC_PORT: port.default(7803),
  /** A `temporal` program to use for the local server. */
  ONCEPOST_TEMPORAL_PROGRAM: z.string().min(1).optional(),
  /** Addresses of proxies whose X-Forwarded-For is believed, separated by commas. */
  ONCEPOST_TRUSTED_PROXIES: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every((part) => isIP(part) !== 0), 'must be IP addresses separated by commas')
    .default([]),
  /** 1: media may be fetched from private and loopback addresses, as the sandbox needs it. */
  ONCEPOST_ALLOW_PRIVATE_MEDIA: flag.default(false),
  /** 1: there is a sandbox on this machine, and the pipeline of the practice runs beside those of the settings. */
  ONCEPOST_PRACTICE: flag.default(false),
  /** Where people reach the pages from outside, for links, cookies and the way back from a provider. */
  ONCEPOST_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .refine((value) => /^\/?$/.test(URL.parse(value)?.pathname ?? ''), 'must be an address without a path')
    .transform((value) => new URL(value).origin)
    .optional(),
  /** The OpenID Connect provider that people sign in with: all three, or none. */
  ONCEPOST_OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'must be an https address' })
    .refine(isPrivateTo, 'must be an https address, or an http one of this machine')
    .optional(),
  ONCEPOST_OIDC_CLIENT_ID: z.string().min(1).optional(),
  ONCEPOST_OIDC_CLIENT_SECRET: z.string().trim().min(1).optional(),
  /** Where mail is handed over, with its name and password: smtp:// or smtps://. */
  ONCEPOST_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
  /** The secrets of channels: every variable whose name begins with ONCEPOST_NOTIFY_; which there are is for temporal.yaml to say. */
  channelSecrets: z.record(z.string(), z.string()),
  /**
   * What programs that we start may be given: every variable but our own. The tokens of MCP servers are among them, in variables
   * whose name begins with ONCEPOST_MCP_; which are handed to whom is for temporal.yaml to say.
   */
  forPrograms: z.record(z.string(), z.string()),
  /** Where people reach the Temporal UI, for links to runs; `start` says it for the one that it brings. */
  ONCEPOST_TEMPORAL_UI_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  ONCEPOST_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  /** For the CLI and the client: the server's address and an API key. */
  ONCEPOST_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
  ONCEPOST_API_KEY: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'must be an API key: visible ASCII characters without spaces')
    .optional(),
  /** Prometheus metrics of the worker, as host:port. */
  ONCEPOST_METRICS: z
    .string()
    .regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port, like 127.0.0.1:9464')
    .optional(),
  /** The worker's version in Temporal's Worker Versioning: the name of the deployment and of the build, both or none. */
  ONCEPOST_DEPLOYMENT: versionPart,
  ONCEPOST_BUILD_ID: versionPart,
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/:@]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/, 'must be host:port, like 127.0.0.1:7233')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).optional(),
  /** The SDK reads these itself; it would take a file that is not there, or a word it does not know, for "no". */
  TEMPORAL_CONFIG_FILE: z.string().refine(existsSync, 'must name a file that is there').optional(),
  TEMPORAL_TLS: sdkFlag,
  TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: sdkFlag,
  /** Set by npm for what it runs. */
  npm_lifecycle_event: z.string().optional(),
  /** Proxies for calls to platforms and media; the lower-case names win, as with curl. Loopback never goes through one. */
  HTTPS_PROXY: proxy.optional(),
  https_proxy: proxy.optional(),
  HTTP_PROXY: proxy.optional(),
  http_proxy: proxy.optional(),
  NO_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
});

/** Variables that mean something only together. */
const TOGETHER = [
  ['ONCEPOST_DEPLOYMENT', 'ONCEPOST_BUILD_ID'],
  ['ONCEPOST_OIDC_ISSUER', 'ONCEPOST_OIDC_CLIENT_ID', 'ONCEPOST_OIDC_CLIENT_SECRET'],
] as const;

const envSchema = variablesSchema.superRefine((env, { addIssue }) => {
  for (const names of TOGETHER) {
    const set = names.find((name) => env[name] !== undefined);
    const missing = names.filter((name) => env[name] === undefined);
    if (set === undefined || missing.length === 0) continue;
    addIssue({ code: 'custom', path: [set], message: `needs ${missing.join(' and ')} beside it, or neither` });
  }
  if (env.ONCEPOST_OIDC_ISSUER !== undefined && env.ONCEPOST_PUBLIC_URL === undefined) {
    const message = 'needs ONCEPOST_PUBLIC_URL, the address that the provider sends people back to';
    addIssue({ code: 'custom', path: ['ONCEPOST_OIDC_ISSUER'], message });
  }
});
export type Env = z.infer<typeof envSchema>;

/** Reads the environment. An empty variable counts as absent. @throws StartRefused that names the variable */
export function readEnv(raw: Readonly<Record<string, string | undefined>>): Env {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = envSchema.safeParse({ ...given, channelSecrets: secretsIn(given), forPrograms: othersIn(given) });
  if (parsed.success) {
    keepSecrets(secretValues(given));
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  // The value itself is not repeated: it may be a secret.
  throw new StartRefused(
    `The environment variable ${issue?.path.join('.')} cannot be used: ${issue?.message}; nothing was started; correct it and start again.`,
  );
}

/** By their names, which say that they are secrets; of an address, the password in it. */
function secretValues(given: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(given).flatMap(([name, value = '']) => {
    if (/^(?:DATABASE_URL|ONCEPOST_SMTP_URL)$/.test(name))
      return [decodeURIComponent(URL.parse(value)?.password ?? '')];
    return /^(?:ONCEPOST|TEMPORAL)_.*(?:SECRET|TOKEN|API_KEY|ACCESS_KEY|PAYLOAD_KEY)/.test(name)
      ? value.split(/\s+/)
      : [];
  });
}

function secretsIn(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const secrets = Object.entries(given).filter(([name]) => name.startsWith('ONCEPOST_NOTIFY_'));
  return Object.fromEntries(secrets.map(([name, value]) => [name, (value ?? '').trim()]));
}

function othersIn(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const others = Object.entries(given).filter(([name]) => !/^(?:ONCEPOST_(?!MCP_)|TEMPORAL_|DATABASE_URL$)/.test(name));
  return Object.fromEntries(others.map(([name, value]) => [name, value ?? '']));
}

const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];

/**
 * Keeps what this process and its children say to this machine off any proxy, also where a library reads the variables by
 * itself (Node's own `fetch` under NODE_USE_ENV_PROXY). Called once, before anything connects.
 */
export function keepLoopbackDirect(raw: Record<string, string | undefined>): void {
  const proxies = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
  if (!proxies.some((name) => raw[name])) return;
  const given = (raw.no_proxy || raw.NO_PROXY || '').split(/[\s,]+/).filter((entry) => entry !== '');
  const spared = [...given, ...THIS_MACHINE.filter((name) => !given.includes(name))].join(',');
  raw.no_proxy = spared;
  raw.NO_PROXY = spared;
}
