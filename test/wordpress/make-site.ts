// Makes a site in a folder: WordPress's own files, an empty database, and nothing of the machine's own WordPress.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { WORDPRESS_SOURCE } from './install-wordpress.ts';
import { runCommand } from './run-command.ts';
import type { SiteSettings } from './server-process.ts';

/** A user of the site with an application password, as WordPress shows it (in groups of four). */
const userSchema = z.object({ id: z.number(), name: z.string(), password: z.string() });
export type SiteUser = z.infer<typeof userSchema>;

const usersSchema = z.object({ admin: userSchema, author: userSchema, contributor: userSchema });
export type SiteUsers = z.infer<typeof usersSchema>;

const OWN = join(import.meta.dirname, 'site');

/** The site's files and an empty database, before anything runs. */
export async function makeSite(settings: SiteSettings): Promise<void> {
  const site = join(settings.folder, 'site');
  const plainTheme = join(site, 'wp-content/themes/plain');
  await runCommand('cp', ['--recursive', '--dereference', '--no-preserve=all', WORDPRESS_SOURCE, site]);
  await rm(join(site, '.htaccess'), { force: true });
  await cp(join(OWN, 'wp-config.php'), join(site, 'wp-config.php'));
  await mkdir(plainTheme, { recursive: true });
  await cp(join(OWN, 'theme'), plainTheme, { recursive: true });
  const place = { url: `http://127.0.0.1:${settings.port}`, databasePort: settings.databasePort };
  await writeFile(join(site, 'site.json'), JSON.stringify(place));
  await runCommand('mariadb-install-db', [
    '--no-defaults',
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    `--datadir=${join(settings.folder, 'database')}`,
  ]);
}

/** Its tables and users, once the database runs. */
export async function installSite({ folder }: SiteSettings): Promise<SiteUsers> {
  const grant = "grant all on wordpress.* to wordpress@'127.0.0.1' identified by 'wordpress'";
  await runCommand('mariadb', [...asRoot(folder), '-e', `create database wordpress character set utf8mb4; ${grant}`]);
  const answer = await runCommand('php', [join(OWN, 'install-site.php'), join(folder, 'site')]);
  return usersSchema.parse(JSON.parse(answer.slice(answer.lastIndexOf('\n{') + 1)));
}

/** How the site's database is asked without WordPress. */
export function asRoot(folder: string): string[] {
  return ['--no-defaults', '--user=root', `--socket=${join(folder, 'database.sock')}`];
}
