import { execFile } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { installPackage } from './debian.mjs';

const run = promisify(execFile);

/** Past the page cache of the file: its blocks would be in memory twice. The device goes when nobody has it mounted. */
const MOUNT_AND_RUN = `
  device=$(losetup --find --show --direct-io=on "$1") || exit
  mount "$device" "$2"; mounted=$?
  losetup --detach "$device"
  [ $mounted = 0 ] || exit $mounted
  shift 2
  exec "$@"
`;

/**
 * Makes a new file an XFS. Needs root, and installs Debian's xfsprogs when they are missing.
 * @param {{ file: string, bytes: number, folder: string }} disk `folder` is there already
 * @param {string[]} command a program and its arguments
 * @returns {Promise<string[]>} the same, to be run so that the program finds the file system in `folder`: it alone does,
 *   and the file system goes with it, however it ends
 */
export async function onXfs({ file, bytes, folder }, command) {
  if (process.getuid?.() !== 0) throw new Error('an XFS of its own needs root, who may mount it');
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
