// The sandbox's sample video under the name of another codec, as its index tells it.
import { makeSamples } from '../../src/sandbox/media/samples.ts';

/** `hvc1`: HEVC; `vp09`: VP9. Only the name is another one, so nothing but its index may be read. */
export function recodedVideo(codec: 'hvc1' | 'vp09'): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(makeSamples().get('sample.mp4')?.bytes ?? []);
  bytes.write(codec, bytes.lastIndexOf('avc1'), 'latin1');
  bytes.write(codec === 'hvc1' ? 'hvcC' : 'vpcC', bytes.lastIndexOf('avcC'), 'latin1');
  return bytes;
}
