// Every cell of the grid, by platform.
import { BLUESKY_OTHERS } from './bluesky-others.ts';
import { BLUESKY_WRITE } from './bluesky-write.ts';
import { GHOST_OTHERS } from './ghost-others.ts';
import { GHOST_PUBLISH } from './ghost-publish.ts';
import { INSTAGRAM_CONTAINERS } from './instagram-containers.ts';
import { INSTAGRAM_LOOKS } from './instagram-looks.ts';
import { INSTAGRAM_OTHERS } from './instagram-others.ts';
import { INSTAGRAM_PUBLISH } from './instagram-publish.ts';
import { INSTAGRAM_REFUSED } from './instagram-refused.ts';
import { WORDPRESS_OTHERS } from './wordpress-others.ts';
import { WORDPRESS_PUBLISH } from './wordpress-publish.ts';
import { X_CREATE } from './x-create.ts';
import { X_CREATE_REFUSED } from './x-create-refused.ts';
import { X_MEDIA } from './x-media.ts';
import { X_TIMELINE } from './x-timeline.ts';
import { X_TOKEN } from './x-token.ts';

export const BLUESKY_CELLS = [...BLUESKY_WRITE, ...BLUESKY_OTHERS];
export const GHOST_CELLS = [...GHOST_PUBLISH, ...GHOST_OTHERS];
export const INSTAGRAM_CELLS = [
  ...INSTAGRAM_PUBLISH,
  ...INSTAGRAM_REFUSED,
  ...INSTAGRAM_LOOKS,
  ...INSTAGRAM_CONTAINERS,
  ...INSTAGRAM_OTHERS,
];
export const X_CELLS = [...X_CREATE, ...X_CREATE_REFUSED, ...X_TIMELINE, ...X_TOKEN, ...X_MEDIA];
export const WORDPRESS_CELLS = [...WORDPRESS_PUBLISH, ...WORDPRESS_OTHERS];
