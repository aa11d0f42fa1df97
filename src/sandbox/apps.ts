// The apps that are registered with the stand-ins, and the codes that people gave them: each used once, and only while it
// lives.
import { z } from 'zod';
import { randomText } from './ids.ts';
import type { Journal } from './journal.ts';

/** The record of one registered app. */
export const appSchema = z.object({
  clientId: z.string(),
  platform: z.string(),
  /** Null for a public client. */
  clientSecret: z.string().nullable(),
  /** Where people may be sent back to; compared letter by letter. */
  redirectUris: z.array(z.string()),
});

const codeSchema = z.object({
  code: z.string(),
  platform: z.string(),
  clientId: z.string(),
  accountId: z.string(),
  redirectUri: z.string(),
  scopes: z.array(z.string()),
  /** The S256 challenge of PKCE; null where the platform has none. */
  challenge: z.string().nullable(),
  expiresAtMs: z.number(),
  used: z.boolean(),
});

/** A registered app. */
export type App = z.infer<typeof appSchema>;

/** A code that a person gave an app. */
export type Code = z.infer<typeof codeSchema>;

/** The store of apps and codes. */
export type Apps = {
  register(app: App): void;
  find(platform: string, clientId: string): App | undefined;
  giveCode(code: Omit<Code, 'code' | 'used'>): Code;
  /** A code that can be used now; it is used up by that. */
  takeCode(platform: string, code: string, nowMs: number): Code | undefined;
  /** The same, left as it is. */
  peekCode(platform: string, code: string, nowMs: number): Code | undefined;
};

/** Opens the store over the journal. */
export function openApps(journal: Journal): Apps {
  const apps = new Map<string, App>();
  const codes = new Map<string, Code>();
  const appRoom = journal.room({
    name: 'apps',
    schema: appSchema,
    apply: (app) => apps.set(`${app.platform}/${app.clientId}`, app),
    clear: () => apps.clear(),
  });
  const codeRoom = journal.room({
    name: 'codes',
    schema: codeSchema,
    apply: (code) => codes.set(code.code, code),
    clear: () => codes.clear(),
  });
  const usable = (platform: string, text: string, nowMs: number) => {
    const code = codes.get(text);
    return code && code.platform === platform && !code.used && code.expiresAtMs > nowMs ? code : undefined;
  };
  return {
    register: (app) => appRoom.put(app),
    find: (platform, clientId) => apps.get(`${platform}/${clientId}`),
    giveCode: (given) => {
      const code = { ...given, code: randomText(64), used: false };
      codeRoom.put(code);
      return code;
    },
    takeCode: (platform, text, nowMs) => {
      const code = usable(platform, text, nowMs);
      if (code) codeRoom.put({ ...code, used: true });
      return code;
    },
    peekCode: usable,
  };
}
