import type { EntryType } from '../inventory/delivery-entry';

/** Files and directories that macOS, Windows, network file systems, Python and editors leave next to real ones. */
const NAMES: readonly RegExp[] = [
  /^(?:__MACOSX|\._.*|\.DS_Store|\.localized|\.VolumeIcon\.icns|\.LSOverride)$/,
  /^(?:\.AppleDouble|\.AppleDB|\.AppleDesktop|\.apdisk|Network Trash Folder|Temporary Items)$/,
  /^\.(?:Spotlight-V100|DocumentRevisions-V100|TemporaryItems|Trashes|Trash-\d+|fseventsd|directory)$/,
  /^(?:(?:eh)?thumbs\.db|desktop\.ini|\$RECYCLE\.BIN|System Volume Information)$/,
  /^\.nfs[0-9a-f]{8,}$/,
  /^(?:__pycache__|\.ipynb_checkpoints)$/,
  /^.+~$/,
  /^#.+#$/,
  /^\.#/,
  /^\..+\.sw[a-p]$/,
  /\.(?:bak|orig)$/,
];
const LITTER = new RegExp(NAMES.map(({ source }) => source).join('|'), 'i');

/** The types of entries that litter has: a device is none, whatever its name. */
const TYPES: ReadonlySet<EntryType> = new Set(['file', 'contiguous-file', 'directory', 'symlink', 'hardlink']);

/** Returns true for an entry of a tar that is litter. @param names the names of its path */
export function isLitterEntry(names: readonly string[], type: EntryType): boolean {
  return TYPES.has(type) && isLitter(names);
}

/**
 * Returns true for a path of litter: something that the system or an editor left, or that is below such a directory. It
 * is no part of a delivery. Upper and lower case make no difference, as on the systems that leave it.
 * @param names the names of the path
 */
export function isLitter(names: readonly string[]): boolean {
  return names.some((name) => LITTER.test(name));
}
