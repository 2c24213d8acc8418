/** Directories that systems and editors create: everything below them is litter. */
const DIRECTORIES =
  /^(?:__MACOSX|\.AppleDouble|\.Spotlight-V100|\.Trashes|\.fseventsd|\.TemporaryItems|\$RECYCLE\.BIN|System Volume Information|__pycache__|\.ipynb_checkpoints)$/;

/** Files that macOS, Windows, network file systems and editors leave next to real ones. */
const FILES: readonly RegExp[] = [
  /^\._/,
  /^\.DS_Store$/,
  /^\.(?:localized|apdisk|directory)$/,
  /^(?:ehthumbs|thumbs)\.db$/i,
  /^desktop\.ini$/i,
  /^\.nfs[0-9a-f]{8,}$/,
  /^.+~$/,
  /^#.+#$/,
  /^\.#/,
  /^\..+\.sw[a-p]$/,
  /\.(?:bak|orig)$/i,
];

/**
 * Returns true for a path of litter: a file that the system or an editor left, and that is no part of a delivery. `names`
 * are the names of the path.
 */
export function isLitter(names: readonly string[]): boolean {
  const last = names.at(-1) ?? '';
  return names.some((name) => DIRECTORIES.test(name)) || FILES.some((pattern) => pattern.test(last));
}
