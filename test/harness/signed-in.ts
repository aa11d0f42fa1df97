// Somebody who is signed in to the pages of a stage, and asks for them as a browser does, without its scripts.
import { and, eq } from 'drizzle-orm';
import type { Role } from '../../src/domain/people/roles.ts';
import { makeSignInLink, takeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { memberships } from '../../src/ledger/schema/people.ts';
import { csrfToken } from '../../src/pages/session/csrf.ts';
import type { Stage } from './stage.ts';

export interface SignedIn {
  /** The session's id, as its cookie holds it. */
  readonly session: string;
  readonly csrf: string;
  get(path: string): Promise<Response>;
  /** Sends a form; a file makes it multipart. */
  post(path: string, fields: Readonly<Record<string, string | File>>): Promise<Response>;
  /** Sends a form, and answers the page that it leads to. */
  submit(path: string, fields: Readonly<Record<string, string | File>>): Promise<string>;
  /** Whoever is signed in has this role from now on. */
  become(role: Role): Promise<void>;
}

/** Signs the stage's own person in, an admin. */
export async function signIn(stage: Stage, url: string, workspaceId = stage.workspaceId): Promise<SignedIn> {
  const { ledger, settings } = stage.context;
  const { secret } = await makeSignInLink(ledger, workspaceId);
  const session = await takeSignInLink(ledger, secret, settings.sessions);
  if (!session) throw new TypeError('the link was just made');
  const headers = { cookie: `oncepost_session=${session.id}; oncepost_zone=UTC` };
  const csrf = csrfToken(session.id);
  const signedIn: SignedIn = {
    session: session.id,
    csrf,
    get: (path) => fetch(`${url}${path}`, { headers, redirect: 'manual' }),
    post(path, fields) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ csrf, ...fields })) form.append(name, value);
      return fetch(`${url}${path}`, { method: 'POST', headers, body: form, redirect: 'manual' });
    },
    async submit(path, fields) {
      const answer = await signedIn.post(path, fields);
      const notice = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1).join(''));
      const cookie = [headers.cookie, ...notice].join('; ');
      const location = answer.headers.get('location') ?? '';
      return (await fetch(new URL(location, url), { headers: { cookie } })).text();
    },
    async become(role) {
      await ledger.db
        .update(memberships)
        .set({ role })
        .where(and(eq(memberships.workspaceId, workspaceId)));
    },
  };
  return signedIn;
}
