import { classifyCalibration } from './calibration-names';
import { type Classification, plain } from './classification';
import { classifyLog, classifyQa, classifyRaw, classifyReadme, classifyScript } from './file-names';
import { classifyProduct } from './product-names';
import { type Item, ITEM_NUMBERS, ITEMS } from './role';
import { pathSegments, placeInTree } from './tree-place';

type Reader = (names: readonly string[]) => Classification;

const READERS: Record<Exclude<Item, 1>, Reader> = {
  2: classifyProduct,
  3: classifyCalibration,
  4: classifyQa,
  5: classifyScript,
  6: classifyLog,
  7: classifyRaw,
};

/**
 * Says which of the seven items a file belongs to and what it is, from its path in the delivery tree alone (§3, §4).
 * `names` are the path's names below the ObsUnitSet's directory. A file no family knows has the role `unknown`.
 */
export function classifyBelowOus(names: readonly string[]): Classification {
  const [first] = names;
  if (first === undefined) return plain(null, 'unknown');
  if (names.length === 1) return classifyReadme(first);
  const item = itemOfDirectory(first);
  return item === null ? plain(null, 'unknown') : READERS[item](names.slice(1));
}

/** `classifyBelowOus` for a whole path, such as `<project>/<science goal>/<group>/<member>/script/scriptForPI.py`. */
export function classify(path: string): Classification {
  const segments = pathSegments(path);
  const { place, depth } = placeInTree(segments);
  const belowOus = place.level === 'group' || place.level === 'member';
  return belowOus ? classifyBelowOus(segments.slice(depth)) : plain(null, 'unknown');
}

/** The item whose directory (`product`, `script`, ...) has this name. */
export function itemOfDirectory(name: string): Exclude<Item, 1> | null {
  const item = ITEM_NUMBERS.find((number) => ITEMS[number].directory === name);
  return item === undefined || item === 1 ? null : item;
}
