// Every bad post, through every door that can say it: the same code, the same words, and nothing stored or left running.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_CONTENT } from './bad-content.ts';
import { BAD_DELIVERY } from './bad-delivery.ts';
import { BAD_SHAPES } from './bad-shapes.ts';
import { argumentsFor, throughApi, throughBareStart, throughClient, throughCommandLine } from './doors.ts';
import { openPlace, type Place } from './place.ts';
import { sentence, settled } from './refusal.ts';
import { runningPublishes, stored } from './stored.ts';

const STATUS = { invalid_schedule: 422, unknown_account: 404, ambiguous_account: 409 } as const;

const BAD_POSTS = [...BAD_SHAPES, ...BAD_CONTENT, ...BAD_DELIVERY];

describe('every door refuses a post', () => {
  let place: Place;
  beforeAll(async () => {
    place = await openPlace();
  });
  afterAll(() => place.close());

  it.each(BAD_POSTS)('$name', async ({ post, code, problems }) => {
    const refusal = { code, message: sentence(code, problems), problems };
    const args = argumentsFor(post, place.mediaUrl);
    const before = await stored(place.stage);
    const [api, client, bareStart, commandLine] = await Promise.all([
      throughApi(place, { json: post }),
      throughClient(place, post),
      throughBareStart(place, post),
      args === null ? null : throughCommandLine(place, args),
    ]);
    expect(api).toEqual({ status: STATUS[code], ...refusal });
    expect(client).toEqual(refusal);
    expect(bareStart).toEqual(refusal);
    if (commandLine) {
      expect({ ...commandLine, stderr: settled(commandLine.stderr) }).toEqual({
        code: 1,
        stdout: '',
        stderr: `${refusal.message}\n`,
      });
    }
    expect(await stored(place.stage)).toEqual(before);
  });

  it('and the command line can say most of them', () => {
    expect(BAD_POSTS.filter(({ post }) => argumentsFor(post, place.mediaUrl) !== null)).toHaveLength(82);
  });

  it('and no publish of any of them is left running', async () => {
    expect(await runningPublishes(place.stage)).toBe(0);
  });
});
