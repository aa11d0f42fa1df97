// A disk that really is small: a memory file system mounted in a mount namespace of one helper process, gone with it.
const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

/** What to put before a helper's command so that `folder` is, for it, a disk of `sizeKb` with nothing on it. */
export function onSmallDisk(folder: string, sizeKb: number): readonly string[] {
  const mount = `mount -t tmpfs -o size=${sizeKb}k none '${folder}' && exec "$@"`;
  return ['unshare', ...namespace, 'sh', '-c', mount, 'sh'];
}
