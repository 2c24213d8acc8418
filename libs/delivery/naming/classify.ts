import { classifyCalibration } from './calibration-names';
import { type Classification, plain } from './classification';
import { isLitter } from './litter';
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
 * Classifies a file by its path in the delivery tree (§3, §4): the item it belongs to, and its role. `names` are the
 * names of the path below the directory of the ObsUnitSet. A file that no naming family defines has the role `unknown`.
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
  if (isLitter(segments)) return plain(null, 'litter');
  const { place, depth } = placeInTree(segments);
  const belowOus = place.level === 'group' || place.level === 'member';
  return belowOus ? classifyBelowOus(segments.slice(depth)) : plain(null, 'unknown');
}

/** Returns the item whose directory (`product`, `script`, ...) has this name. */
export function itemOfDirectory(name: string): Exclude<Item, 1> | null {
  const item = ITEM_NUMBERS.find((number) => ITEMS[number].directory === name);
  return item === undefined || item === 1 ? null : item;
}
