// People of a stage's workspace, each with a session, so that a test can use the pages as they do.
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Role } from '../../src/domain/people/roles.ts';
import { openSession } from '../../src/ledger/people/sessions.ts';
import { addMember } from '../../src/ledger/people/users.ts';
import { users } from '../../src/ledger/schema/people.ts';
import type { Stage } from '../harness/stage.ts';

export interface Person {
  readonly userId: string;
  readonly name: string;
  /** What the cookie of their session holds. */
  readonly sessionId: string;
}

/** Makes somebody of that role, signed in. */
export async function newPerson(
  { context: { ledger, settings }, ...stage }: Stage,
  role: Role,
  name = `${role} ${randomUUID().slice(0, 4)}`,
  workspaceId = stage.workspaceId,
): Promise<Person> {
  const userId = randomUUID();
  const at = ledger.clock.now();
  const session = await ledger.db.transaction(async (tx) => {
    await tx.insert(users).values({ id: userId, name, createdAt: at });
    await addMember(tx, { workspaceId, userId, role, at });
    return openSession(tx, ledger, { userId, name, workspaceId, how: 'link' }, settings.sessions);
  });
  return { userId, name, sessionId: session.id };
}

/** Signs the person in on a browser's page, with UTC as their zone. */
export async function signIn(page: Page, url: string, { sessionId }: Person): Promise<void> {
  const zone = { name: 'oncepost_zone', value: 'UTC', url };
  await page.context().addCookies([{ name: 'oncepost_session', value: sessionId, url }, zone]);
}

export interface PageAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly text: string;
}

/** Asks for pages, and sends their forms, as somebody without JavaScript does. */
export function visitor(url: string, { sessionId }: Person) {
  const headers = { cookie: `oncepost_session=${sessionId}; oncepost_zone=UTC` };
  const answerOf = async (response: Response): Promise<PageAnswer> => ({
    status: response.status,
    location: response.headers.get('location'),
    text: await response.text(),
  });
  const get = async (path: string) => answerOf(await fetch(`${url}${path}`, { headers, redirect: 'manual' }));
  /** The token of a form on one of their pages. */
  const token = async () => /name="csrf" value="([^"]+)"/.exec((await get('/activity')).text)?.[1] ?? '';
  return {
    get,
    async post(path: string, form: Readonly<Record<string, string>> = {}, csrf?: string): Promise<PageAnswer> {
      const body = new URLSearchParams({ csrf: csrf ?? (await token()), ...form });
      return answerOf(await fetch(`${url}${path}`, { method: 'POST', headers, body, redirect: 'manual' }));
    },
  };
}
