// What WordPress's REST API answers (wp/v2), as far as it is read.
import { decodeHTML } from 'entities';
import { z } from 'zod';

const id = z.int().positive();

/** An error in WordPress's own form; its status stands in it once more. */
export const errorSchema = z.object({
  code: z.string().min(1),
  message: z.string(),
  data: z.looseObject({
    status: z.int(),
    details: z
      .record(z.string(), z.object({ code: z.string() }))
      .optional()
      .catch(undefined),
    term_id: id.optional().catch(undefined),
  }),
});

/** `GET /`, the index of the API. */
export const indexSchema = z.object({
  home: z.string().min(1),
  namespaces: z.array(z.string()),
  /** An empty list where nothing can sign in. */
  authentication: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).default([]),
});

/** `GET /wp/v2/users/me?context=edit` */
export const ownerSchema = z.object({ id, name: z.string(), capabilities: z.record(z.string(), z.unknown()) });

/** A date without a zone, which is in UTC. */
const utc = z
  .string()
  .transform((text) => new Date(`${text}Z`))
  .refine((date) => !Number.isNaN(date.getTime()))
  .nullish()
  .catch(null);

/** A post as its own editors get it (`context=edit`). */
export const postSchema = z.object({
  id,
  slug: z.string(),
  status: z.string().min(1),
  link: z.string(),
  date_gmt: utc,
  modified_gmt: utc,
  permalink_template: z.string().catch(''),
  title: z.object({ raw: z.string() }),
  content: z.object({ raw: z.string(), rendered: z.string() }),
  excerpt: z.object({ raw: z.string() }).catch({ raw: '' }),
  categories: z.array(id).catch([]),
  yoast_head_json: z.object({ canonical: z.string() }).optional().catch(undefined),
});
export type WpPost = z.infer<typeof postSchema>;

/** The answer to the create: who it is, whether readers see it, and where. */
export const writtenSchema = z.object({ id, slug: z.string(), status: z.string(), link: z.string() });

/** A post as readers get it (`context=view`): its title is HTML. */
export const shownPostSchema = z.object({
  ...postSchema.omit({ title: true, content: true, excerpt: true }).shape,
  title: z.object({ rendered: z.string().transform((html) => decodeHTML(html)) }),
  content: z.object({ rendered: z.string() }),
});

/** A page of the site (not a post), as readers find it. */
export const pageSchema = z.object({
  id,
  link: z.string(),
  title: z.object({ rendered: z.string().transform((html) => decodeHTML(html)) }),
});

export const termSchema = z.object({ id, slug: z.string() });

export const mediaSchema = z.object({ id, slug: z.string(), source_url: z.string().min(1) });
