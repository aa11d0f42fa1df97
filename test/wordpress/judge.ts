// The judge: what the site's own database holds, whoever made it and whether anybody sees it.
import { join } from 'node:path';
import { z } from 'zod';
import { asRoot } from './make-site.ts';
import { runCommand } from './run-command.ts';

const rowSchema = z.object({
  id: z.number(),
  slug: z.string(),
  status: z.string(),
  title: z.string(),
  content: z.string(),
  author: z.number(),
});

/** A post of the site: drafts, the bin and duplicates included; revisions and what was merely begun are left out. */
export type SitePost = z.infer<typeof rowSchema>;

const COLUMNS =
  "json_object('id', ID, 'slug', post_name, 'status', post_status, 'title', post_title, 'content', post_content, 'author', post_author)";

/** Every post, or every attachment, oldest first. */
export async function readPosts(folder: string, type: 'post' | 'attachment' = 'post'): Promise<SitePost[]> {
  const where = `post_type = '${type}' and post_status <> 'auto-draft' order by ID`;
  const lines = await runSql(folder, `select ${COLUMNS} from wp_posts where ${where}`);
  return lines.map((line) => rowSchema.parse(JSON.parse(line)));
}

/** Runs one statement on the site's database, behind WordPress's back; answers its lines. */
export async function runSql(folder: string, statement: string): Promise<string[]> {
  const plain = ['--batch', '--raw', '--skip-column-names', '--default-character-set=utf8mb4'];
  const answer = await runCommand('mariadb', [...asRoot(folder), ...plain, '-e', statement, 'wordpress']);
  return answer.split('\n').filter((line) => line !== '');
}

/** Runs PHP inside WordPress, as the site's own people and plugins do; answers what it wrote. */
export function runPhp(folder: string, code: string): Promise<string> {
  const load = `require ${JSON.stringify(join(folder, 'site/wp-load.php'))};`;
  return runCommand('php', ['-r', `${load} wp_set_current_user(1); ${code}`]);
}
