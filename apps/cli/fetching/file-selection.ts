import type { MemberFile } from '@almagest/contracts';
import { parsePackageName } from '@almagest/ous';
import picomatch from 'picomatch';
import { CliError } from '../cli.error';
import { splitPath } from '../views/delivery.view';

/**
 * The files that match any of the patterns: globs (`**` for any number of directories) or plain paths, of the whole path
 * or of what follows the ObsUnitSet's directory.
 * @throws CliError `cli.no-such-file` for a pattern that no file matches
 */
export function selectFiles<File extends Pick<MemberFile, 'path'>>(
  files: readonly File[],
  patterns: readonly string[],
): File[] {
  const matchers = patterns.map((pattern) => {
    const isMatch = picomatch(pattern, { dot: true, nonegate: true });
    return (name: string): boolean => name === pattern || isMatch(name);
  });
  const unmatched = new Set(patterns);
  const chosen = files.filter(({ path }) => {
    const names = [path, splitPath(path).below];
    const hits = patterns.filter((_, index) => names.some((name) => matchers[index]?.(name)));
    for (const pattern of hits) unmatched.delete(pattern);
    return hits.length > 0;
  });
  const [missing] = unmatched;
  if (missing === undefined) return chosen;
  throw new CliError('cli.no-such-file', `no file of the delivery matches "${missing}"`, {
    hints: ['a pattern in quotes reaches the command as it is: "product/*.fits", "**/README"'],
  });
}

/**
 * The parts that are named, by number (the m of `m_of_n`) or by name; all of them when none is.
 * @throws CliError `cli.no-such-file`
 */
export function selectParts<Part extends { name: string }>(parts: readonly Part[], wanted: readonly string[]): Part[] {
  if (wanted.length === 0) return [...parts];
  const chosen = wanted.map((text) => {
    const part = parts.find(({ name }) => name === text || numberOf(name) === text);
    if (part !== undefined) return part;
    const hints = parts.map(({ name }) => name);
    throw new CliError('cli.no-such-file', `the delivery has no part "${text}"`, { hints });
  });
  return [...new Set(chosen)];
}

function numberOf(name: string): string | null {
  const parsed = parsePackageName(name);
  return parsed?.kind === 'product' ? String(parsed.part) : null;
}
