// Somebody who uses the pages of a stage as a browser without JavaScript does: cookies, links and forms.
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/domain/people/roles.ts';
import { openSession } from '../../src/ledger/people/sessions.ts';
import { memberships, users } from '../../src/ledger/schema/people.ts';
import type { Stage } from '../harness/stage.ts';

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Where it leads, by redirect or by refresh; null when it stays. */
  readonly leadsTo: string | null;
}

export interface Person {
  readonly userId: string;
  /** What the session's cookie holds. */
  readonly sessionId: string;
  get(path: string): Promise<Page>;
  /** Sends a form as a page of this session carries it, and looks at the page it leads to. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<Page>;
}

/** Signs somebody of this role in to the workspace. */
export async function signIn(
  stage: Stage,
  url: string,
  role: Role = 'admin',
  workspaceId = stage.workspaceId,
): Promise<Person> {
  const { ledger, settings } = stage.context;
  const userId = randomUUID();
  const name = `Ada ${role}`;
  const createdAt = new Date();
  await ledger.db.insert(users).values({ id: userId, name, createdAt });
  await ledger.db.insert(memberships).values({ workspaceId, userId, role, createdAt });
  const { id: sessionId } = await ledger.db.transaction((tx) =>
    openSession(tx, ledger, { userId, name, workspaceId, how: 'link' }, settings.sessions),
  );
  return { userId, sessionId, ...browsing(url, sessionId) };
}

function browsing(url: string, sessionId: string): Pick<Person, 'get' | 'post'> {
  const jar = new Map([['oncepost_session', sessionId]]);
  const send = async (path: string, init: RequestInit = {}): Promise<Page> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, url), { ...init, headers: { cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const refresh = /url=(.*)$/.exec(response.headers.get('refresh') ?? '')?.[1];
    const leadsTo = response.headers.get('location') ?? refresh ?? null;
    return { status: response.status, text: await response.text(), leadsTo };
  };
  const follow = async (page: Page): Promise<Page> =>
    page.status === 303 && page.leadsTo ? follow(await send(page.leadsTo)) : page;
  return {
    get: async (path) => follow(await send(path)),
    async post(path, fields = {}) {
      const csrf = /name="csrf" value="([^"]+)"/.exec((await send('/connections')).text)?.[1] ?? '';
      return follow(await send(path, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) }));
    },
  };
}

/** The sentence that a page says once. */
export function noticeOf({ text }: Page): string {
  const raw = /class="notice [^"]*" role="status">([^<]*)</.exec(text)?.[1] ?? '';
  return raw.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}
