// A real WordPress for a test: installed once, started in a folder, killed and restarted at the same address.
import { freePort } from '../harness/free-port.ts';
import { installWordpress } from './install-wordpress.ts';
import { readPosts, runPhp, runSql, type SitePost } from './judge.ts';
import { installSite, makeSite, type SiteUsers } from './make-site.ts';
import { type SiteSettings, startSiteProcess } from './server-process.ts';

/** A site under the test's control. */
export interface Wordpress {
  /** Its address, `http://127.0.0.1:<port>`; the same after every restart. */
  readonly url: string;
  readonly users: SiteUsers;
  /** Every post in the site's own database, oldest first: the judge of "at most one". */
  posts(): Promise<SitePost[]>;
  /** Every file of its media library, oldest first. */
  media(): Promise<SitePost[]>;
  /** PHP inside WordPress, as a person in its rooms or a plugin would act; answers what it wrote. */
  php(code: string): Promise<string>;
  /** A statement on its database, behind WordPress's back. */
  sql(statement: string): Promise<string[]>;
  /** Ends it cleanly. */
  stop(): Promise<void>;
  /** Ends PHP and the database with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports, ending a running one cleanly first. */
  restart(): Promise<void>;
}

/**
 * Installs WordPress when that is still to be done, and starts a site in `folder`, which the caller makes and removes. It
 * ends with this process.
 * @throws WordpressInstallError, WordpressStartError, WordpressCallError
 */
export async function startWordpress({ folder }: { readonly folder: string }): Promise<Wordpress> {
  await installWordpress();
  const settings: SiteSettings = { folder, databasePort: await freePort(), port: await freePort() };
  await makeSite(settings);
  let running = await startSiteProcess(settings);
  const users = await installSite(settings).catch(async (error: unknown) => {
    await running.end();
    throw error;
  });
  return {
    url: `http://127.0.0.1:${settings.port}`,
    users,
    posts: () => readPosts(folder),
    media: () => readPosts(folder, 'attachment'),
    php: (code) => runPhp(folder, code),
    sql: (statement) => runSql(folder, statement),
    stop: () => running.end(),
    kill: () => running.kill(),
    async restart() {
      await running.end();
      running = await startSiteProcess(settings);
    },
  };
}
