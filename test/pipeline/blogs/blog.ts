// A blog as the tests of runs see it, whatever it is: what its owner does by hand, what it answers us, and its own record.
import type { SettingChanges } from '../../harness/settings.ts';
import type { Stage } from '../../harness/stage.ts';

/** A page as its owner writes it. */
export interface HandPage {
  readonly slug: string;
  readonly title: string;
  readonly html: string;
  readonly zone: string;
  readonly status: 'published' | 'draft';
}

/** A page as the blog's own record has it. */
export interface BlogRecord {
  readonly id: string;
  readonly slug: string;
  readonly status: 'published' | 'draft';
  readonly title: string;
  readonly zone: string | null;
  /** Its text, in whatever form the blog keeps it. */
  readonly text: string;
}

/**
 * What the next creates meet. `lied`: the page goes live, and the answer says that nothing was done. `lied_unseen`: so too, and
 * from then on nobody can look anything up.
 */
export type CreateAnswer = 'as_usual' | 'refused' | 'lied' | 'lied_unseen';

export interface Blog {
  readonly settings: SettingChanges;
  /** Where readers find a page of the zone, with `{slug}`. */
  readonly address: (zone: string) => string;
  /** Connects it to the stage, as the account `blog`. */
  connect(stage: Stage): Promise<unknown>;
  /** Answers the page's id. */
  make(page: HandPage): Promise<string>;
  change(id: string, changes: Partial<HandPage>): Promise<void>;
  remove(id: string): Promise<void>;
  /** Every page under the slug or one that was made from it, drafts too, the oldest first. */
  under(slug: string): Promise<BlogRecord[]>;
  creates(answer: CreateAnswer): void;
  /** Whether it can be told, for now, what stands there. */
  readable(yes: boolean): void;
  close(): Promise<void>;
}

/** Zones of every blog here. */
export const ZONE = 'news';
export const OTHER_ZONE = 'guides';

export const isMadeFrom = (found: string, slug: string): boolean =>
  found === slug || (found.startsWith(`${slug}-`) && /^\d+$/.test(found.slice(slug.length + 1)));
