// `/connections`: the accounts of the workspace, and how they are connected.
import type { Pages, PagesDeps } from '../deps.ts';
import { accountPage } from './account-page.ts';
import { appsPage } from './apps-page.ts';
import { callbackPages } from './callback-pages.ts';
import { disconnectPage } from './disconnect-page.ts';
import { listPage } from './list-page.ts';
import { newPages } from './new-pages.ts';
import { reconnectPage } from './reconnect-page.ts';

/** Registers the pages; those with a word of their own before those that take an id. */
export function connectionPages(pages: Pages, deps: PagesDeps): void {
  listPage(pages, deps);
  newPages(pages, deps);
  appsPage(pages, deps);
  callbackPages(pages, deps);
  accountPage(pages, deps);
  reconnectPage(pages, deps);
  disconnectPage(pages, deps);
}
