// People before the pages: somebody with a place in a workspace, and a browser's cookies without the browser.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Role } from '../../src/domain/people/roles.ts';
import { openSession } from '../../src/ledger/people/sessions.ts';
import { addMember } from '../../src/ledger/people/users.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { users } from '../../src/ledger/schema/people.ts';
import { CSRF_FIELD, csrfToken } from '../../src/pages/session/csrf.ts';
import type { Stage } from '../harness/stage.ts';

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it leads on to; null where it does not. */
  readonly location: string | null;
}

export interface Asked {
  /** Sent as a form, with the session's token unless `csrf` says otherwise. */
  readonly form?: Readonly<Record<string, string>>;
  /** Null: without a token. */
  readonly csrf?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Visitor {
  /** What the cookies hold by name, as the server set them. */
  readonly cookies: Map<string, string>;
  get(path: string, asked?: Asked): Promise<Seen>;
  post(path: string, form?: Readonly<Record<string, string>>, asked?: Asked): Promise<Seen>;
}

const SESSION = 'oncepost_session';

/** A browser that holds that session, or none. It follows no redirect. */
export function visitor(url: string, sessionId?: string): Visitor {
  const cookies = new Map<string, string>(sessionId === undefined ? [] : [[SESSION, sessionId]]);
  const ask = async (method: string, path: string, { form, csrf, headers = {} }: Asked): Promise<Seen> => {
    const token = csrf === undefined ? csrfToken(cookies.get(SESSION) ?? '') : csrf;
    const fields = form && { ...form, ...(token === null ? {} : { [CSRF_FIELD]: token }) };
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...headers,
      },
      ...(fields ? { body: new URLSearchParams(fields) } : {}),
    });
    keep(cookies, response.headers.getSetCookie());
    const location = response.headers.get('location');
    return { status: response.status, headers: response.headers, text: await response.text(), location };
  };
  return {
    cookies,
    get: (path, asked = {}) => ask('GET', path, asked),
    post: (path, form = {}, asked = {}) => ask('POST', path, { form, ...asked }),
  };
}

function keep(cookies: Map<string, string>, set: readonly string[]): void {
  for (const cookie of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (value === '' || /;\s*Max-Age=0/i.test(cookie)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

export interface TestPerson {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** The id of a session in that workspace. */
  readonly sessionId: string;
}

/** Somebody with that role in a workspace, who is signed in there. */
export async function person(
  stage: Stage,
  {
    role,
    workspaceId = stage.workspaceId,
    userId = randomUUID(),
    name = `Some ${role}`,
  }: {
    readonly role: Role;
    readonly workspaceId?: string;
    readonly userId?: string;
    readonly name?: string;
  },
): Promise<TestPerson> {
  const { ledger, settings } = stage.context;
  const email = `${userId}@example.com`;
  const at = ledger.clock.now();
  return ledger.db.transaction(async (tx) => {
    await tx.insert(users).values({ id: userId, name, email, createdAt: at }).onConflictDoNothing();
    await addMember(tx, { workspaceId, userId, role, at });
    const { id } = await openSession(tx, ledger, { userId, name, workspaceId, how: 'link' }, settings.sessions);
    return { userId, name, email, sessionId: id };
  });
}

/** Another workspace. */
export async function otherWorkspace(stage: Stage, name: string): Promise<string> {
  const id = randomUUID();
  await stage.context.ledger.db.insert(workspaces).values({ id, name, createdAt: new Date() });
  return id;
}

const noticeSchema = z.object({ text: z.string() });

/** The notice that the page before left, as people read it. */
export function noticeOf(visit: Visitor): string {
  const value = visit.cookies.get('oncepost_notice');
  return value === undefined ? '' : noticeSchema.parse(JSON.parse(decodeURIComponent(value))).text;
}
