import { Initial1796000000000 } from './1796000000000-initial';
import { Coverage1796000000200 } from './1796000000200-coverage';
import { Functions1796000000001 } from './1796000000001-functions';
import { Changes1796000000400 } from './1796000000400-changes';
import { DescribedImage1796000000500 } from './1796000000500-described-image';
import { Jobs1796000000100 } from './1796000000100-jobs';
import { SearchIndexes1796000000300 } from './1796000000300-search-indexes';

/** The migrations of the schema `search`, oldest first. */
export const migrations = [
  Initial1796000000000,
  Functions1796000000001,
  Jobs1796000000100,
  Coverage1796000000200,
  SearchIndexes1796000000300,
  Changes1796000000400,
  DescribedImage1796000000500,
];
