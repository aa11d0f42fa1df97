// Brings WordPress, PHP and MariaDB from Debian's packages, where they are not here yet.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { installFromDebian, mayInstall } from '../../tools/check/debian.ts';
import { WordpressInstallError } from './errors.ts';

/** Where the package puts WordPress itself. */
export const WORDPRESS_SOURCE = '/usr/share/wordpress';

const PACKAGES = ['wordpress', 'php-cli', 'php-mysql', 'php-gd', 'php-xml', 'php-curl', 'mariadb-server'];
const NEEDED = [`${WORDPRESS_SOURCE}/wp-settings.php`, '/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db'];
const EXTENSIONS = ['mysqli', 'gd', 'xml', 'curl', 'Zend OPcache'];

const ASK = `install the packages ${PACKAGES.join(' ')}, then run the tests again`;

/**
 * Makes WordPress runnable; costs nothing when it already is. Safe to call from many processes at once.
 * @throws WordpressInstallError when the packages cannot be had
 */
export async function installWordpress(): Promise<void> {
  if (isInstalled()) return;
  if (!mayInstall()) {
    throw new WordpressInstallError(
      `The WordPress tests need WordPress, PHP and MariaDB, and they are not here; ${ASK}.`,
    );
  }
  console.log('Installing WordPress, PHP and MariaDB from Debian, which the WordPress tests need.');
  if ((await installFromDebian(PACKAGES)) && isInstalled()) return;
  throw new WordpressInstallError(
    `The WordPress tests need WordPress, PHP and MariaDB, and apt-get could not install them; ${ASK}.`,
  );
}

function isInstalled(): boolean {
  return NEEDED.every((path) => existsSync(path)) && hasExtensions();
}

function hasExtensions(): boolean {
  try {
    const modules = execFileSync('php', ['-m'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
    return EXTENSIONS.every((name) => modules.includes(name));
  } catch {
    return false;
  }
}
