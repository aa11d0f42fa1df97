// Runs that publish to a real WordPress: what stands there decides, whatever any record says.
import { describe } from 'vitest';
import { aroundBlog } from './blog-place.ts';
import { testOthersAtWork } from './others-at-work.ts';
import { testRechecks } from './rechecks.ts';
import { testWhatStands } from './what-stands.ts';
import { openWordpressBlog } from './wordpress-blog.ts';

describe('a run that publishes to WordPress', () => {
  const place = aroundBlog(openWordpressBlog);
  testWhatStands(place);
  testOthersAtWork(place);
  testRechecks(place);
});
