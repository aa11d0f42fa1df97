// Somebody who uses the pages without a browser's scripts: a cookie jar, links that are followed, forms that are filled in.
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { startServer } from '../../src/web/server.ts';
import type { Stage } from '../harness/stage.ts';

export interface Seen {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  /** Where it led in the end. */
  readonly path: string;
}

export interface Visitor {
  /** The address of the pages. */
  readonly url: string;
  open(path: string): Promise<Seen>;
  /** Fills in the form of that action on the page that was opened last, and sends it. */
  send(action: string, fields?: Readonly<Record<string, string>>): Promise<Seen>;
  /** Sends fields as they are, with the cookies alone. */
  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Seen>;
  readonly cookies: Map<string, string>;
}

export interface TestPages {
  readonly url: string;
  /** Somebody who has not signed in. */
  stranger(): Visitor;
  /** The person of this machine, signed in. */
  admin(): Promise<Visitor>;
  signInPath(): Promise<string>;
  close(): Promise<void>;
}

/** Serves the stage's pages on a real socket. */
export async function openPages(stage: Stage): Promise<TestPages> {
  const server = await startServer(stage.context, { host: '127.0.0.1', port: 0, client: stage.temporal });
  const signInPath = async () => `/sign-in/${(await makeSignInLink(stage.context.ledger, stage.workspaceId)).secret}`;
  return {
    url: server.url,
    stranger: () => visitor(server.url),
    async admin() {
      const person = visitor(server.url);
      const path = await signInPath();
      await person.open(path);
      await person.send(path);
      return person;
    },
    signInPath,
    close: () => server.close(),
  };
}

function visitor(url: string): Visitor {
  const cookies = new Map<string, string>();
  let last: Seen = { status: 0, text: '', headers: new Headers(), path: '' };

  async function ask(path: string, init: RequestInit = {}): Promise<Seen> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...init.headers };
    const response = await fetch(`${url}${path}`, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(line);
    const location = response.headers.get('location');
    if (response.status === 303 && location?.startsWith('/')) return ask(location);
    last = { status: response.status, text: await response.text(), headers: response.headers, path };
    return last;
  }

  function keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (/max-age=0/i.test(line) || value === '') cookies.delete(name);
    else cookies.set(name, value);
  }

  const post: Visitor['post'] = (path, fields, headers = {}) =>
    ask(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { referer: `${url}${last.path}`, ...headers },
    });

  return {
    url,
    cookies,
    open: (path) => ask(path),
    post,
    send: (action, fields = {}) => post(action, { ...hiddenFields(last.text, action), ...fields }),
  };
}

/** What the form of that action holds before anybody types. @throws TypeError when the page has no such form */
function hiddenFields(page: string, action: string): Record<string, string> {
  const form = page.split('<form').find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new TypeError(`the page has no form that sends to ${action}`);
  const [inside = ''] = form.split('</form>');
  const pairs = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescaped(value)]));
}

/** Entities as `hono/html` writes them. */
function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
