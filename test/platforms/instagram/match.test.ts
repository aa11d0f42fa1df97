// Which of the account's media is taken for the post that was sent, among neighbours that look like it.
import { describe, expect, it } from 'vitest';
import type { SentIntent } from '../../../src/platforms/create-and-look.ts';
import type { Markers } from '../../../src/platforms/instagram/markers.ts';
import { matchMedia } from '../../../src/platforms/instagram/match.ts';
import { mediaSchema } from '../../../src/platforms/instagram/wire.ts';

const PICTURE: Markers = { containerId: 'c1', caption: 'Good morning', mediaType: 'IMAGE', childCount: 0 };
const BUNDLE: Markers = { containerId: 'c2', caption: 'Three', mediaType: 'CAROUSEL_ALBUM', childCount: 3 };

const listed = (id: string, timestamp: string, more: Record<string, unknown> = {}) =>
  mediaSchema.parse({ id, timestamp, caption: 'Good morning', media_type: 'IMAGE', ...more });

function intent(taken: readonly string[] = []): SentIntent {
  return {
    sentAt: new Date('2026-03-01T06:00:00Z'),
    sendDeadline: new Date('2026-03-01T06:00:15Z'),
    markers: {},
    takenPostIds: new Set(taken),
  };
}

function matched(media: ReturnType<typeof listed>[], markers: Markers, taken: readonly string[] = []) {
  return matchMedia(media, markers, intent(taken))?.id ?? null;
}

describe('the post that was sent', () => {
  it('is told by caption, kind and time', () => {
    expect(matched([listed('1', '2026-03-01T06:00:02+0000')], PICTURE)).toBe('1');
    expect(matched([listed('1', '2026-03-01T08:00:02+0200')], PICTURE)).toBe('1');
    expect(matched([listed('1', '2026-03-01T06:00:02+0000', { caption: 'Good evening' })], PICTURE)).toBe(null);
    expect(matched([listed('1', '2026-03-01T06:00:02+0000', { media_type: 'VIDEO' })], PICTURE)).toBe(null);
  });

  it('is neither older than the sending nor much later, but for what clocks differ', () => {
    expect(matched([listed('1', '2026-03-01T05:58:00+0000')], PICTURE)).toBe('1');
    expect(matched([listed('1', '2026-03-01T05:57:59+0000')], PICTURE)).toBe(null);
    expect(matched([listed('1', '2026-03-01T06:10:15+0000')], PICTURE)).toBe('1');
    expect(matched([listed('1', '2026-03-01T06:10:16+0000')], PICTURE)).toBe(null);
  });

  it('is never one that another schedule already has', () => {
    const media = [listed('1', '2026-03-01T06:00:02+0000')];
    expect(matched(media, PICTURE, ['1'])).toBe(null);
  });

  it('is the nearest in time of several alike', () => {
    const media = [
      listed('1', '2026-03-01T06:04:00+0000'),
      listed('2', '2026-03-01T06:00:03+0000'),
      listed('3', '2026-03-01T05:59:00+0000'),
    ];
    expect(matched(media, PICTURE)).toBe('2');
    expect(matched(media, PICTURE, ['2'])).toBe('3');
  });

  it('has as many items as were sent, where the list tells', () => {
    const bundle = (children?: number) =>
      listed('1', '2026-03-01T06:00:02+0000', {
        caption: 'Three',
        media_type: 'CAROUSEL_ALBUM',
        ...(children === undefined
          ? {}
          : { children: { data: Array.from({ length: children }, (_, i) => ({ id: `${i}` })) } }),
      });
    expect([matched([bundle(3)], BUNDLE), matched([bundle(2)], BUNDLE), matched([bundle()], BUNDLE)]).toEqual([
      '1',
      null,
      '1',
    ]);
  });

  it('is recognised when Instagram writes line ends, blanks and letters its own way', () => {
    const caption = ' Grüße\r\naus dem Café \n';
    const media = [listed('1', '2026-03-01T06:00:02+0000', { caption: 'Gru\u0308ße\naus dem Cafe\u0301' })];
    expect(matched(media, { ...PICTURE, caption })).toBe('1');
  });

  it('is recognised behind HTML entities and blanks of other kinds, not behind another word, case or sign', () => {
    const ours = 'Fish & chips <3 at “Bill’s”\n\n#food';
    const shown = (caption: string) =>
      matched([listed('1', '2026-03-01T06:00:02+0000', { caption })], { ...PICTURE, caption: ours });
    for (const same of [
      'Fish &amp; chips &lt;3 at &ldquo;Bill&#8217;s&#x201D;\n\n#food',
      'Fish\u00a0& chips <3 at “Bill’s” \n\u2028 #food',
    ]) {
      expect(shown(same)).toBe('1');
    }
    for (const other of [
      'Fish & chips <3 at "Bill\'s"\n\n#food',
      'fish & chips <3 at “Bill’s”\n\n#food',
      `${ours} more`,
    ]) {
      expect(shown(other)).toBe(null);
    }
  });

  it('without a caption is one without a caption', () => {
    const bare = mediaSchema.parse({ id: '1', timestamp: '2026-03-01T06:00:02+0000', media_type: 'IMAGE' });
    expect(matched([bare], { ...PICTURE, caption: '' })).toBe('1');
    expect(matched([bare], PICTURE)).toBe(null);
  });
});
