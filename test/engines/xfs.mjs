import { execFile } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { installPackage } from './debian.mjs';

const run = promisify(execFile);

/** Direct I/O, or blocks would be in the page cache twice. The device is released when it is no longer mounted. */
const MOUNT_AND_RUN = `
  device=$(losetup --find --show --direct-io=on "$1") || exit
  mount "$device" "$2"; mounted=$?
  losetup --detach "$device"
  [ $mounted = 0 ] || exit $mounted
  shift 2
  exec "$@"
`;

/**
 * Creates a file with an XFS. Needs root, and installs Debian's xfsprogs when they are missing.
 * @param {{ file: string, bytes: number, folder: string }} disk `folder` must exist
 * @param {string[]} command a program and its arguments
 * @returns {Promise<string[]>} a command that runs the program with the file system mounted on `folder`. Only the
 *   program sees it, and it is unmounted when the program ends
 */
export async function onXfs({ file, bytes, folder }, command) {
  if (process.getuid?.() !== 0) throw new Error('mounting an XFS needs root');
  await writeFile(file, '', { flag: 'wx' });
  await truncate(file, bytes);
  const format = () => run('mkfs.xfs', ['-q', file]);
  await format().catch(async (error) => {
    if (error.code !== 'ENOENT') throw error;
    await installPackage('xfsprogs');
    await format();
  });
  return ['unshare', '--mount', 'sh', '-c', MOUNT_AND_RUN, 'on-xfs', file, folder, ...command];
}
