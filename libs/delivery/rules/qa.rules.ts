import { toFileForm } from '@almagest/ous';
import { groupBy } from '../group-by';
import { factsOf, filesWithRole, type Inventory } from '../inventory/inventory';
import { ruleFamily, type Violation } from './rule';
import { hasItem, missing, missingPerBlock } from './violations';

/** Page numbers of the QA2 report of an execution block, as in the example of §5.1. */
const PAGES = [1, 2, 3];

export const qaRules = ruleFamily([
  {
    code: 'qa.pages',
    severity: 'reject',
    section: '§4.5',
    needsAllFiles: true,
    statement: 'Calibrated by an analyst: the QA2 report of each execution block has three pages.',
    reason: 'The pages show the diagnostic plots that the calibration was judged by.',
    example: '`qa/` has no `uid___A002_X1_Xb2__qa2_part<n>.png` at all; if only some are missing, it is a warning.',
    remedy: 'Add `<eb>__qa2_part1.png`, `..._part2.png` and `..._part3.png` to `qa/`.',
    *check(inventory) {
      if (!needsReports(inventory)) return;
      yield* missingPages(inventory);
    },
  },
  {
    code: 'qa.text',
    severity: 'reject',
    section: '§4.5',
    needsAllFiles: true,
    statement: 'Calibrated by an analyst: the QA2 report of each execution block has a text file.',
    reason: 'It contains the check of the target image and its sensitivity.',
    example: '`qa/uid___A002_X1_Xb1__textfile.txt` is missing.',
    remedy: 'Add `<eb>__textfile.txt` to `qa/`.',
    *check(inventory) {
      if (!needsReports(inventory)) return;
      yield* missingPerBlock(inventory, ['qa2.text'], (block) => `qa/${block}__textfile.txt`, 'QA2 text file');
    },
  },
  {
    code: 'qa.weblog',
    severity: 'reject',
    section: '§4.5',
    needsAllFiles: true,
    statement: "Calibrated by the Pipeline: the Pipeline's weblog is present.",
    reason: 'It contains all diagnostic information.',
    example: '`qa/uid___A001_X1_Xa4.weblog.tar.gz` is missing.',
    remedy: 'Add `<uid>.weblog.tar.gz` to `qa/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline' || !hasItem(inventory, 4)) return;
      yield* missing(inventory, ['weblog'], 'qa/<uid>.weblog.tar.gz', 'the weblog is missing');
    },
  },
  {
    code: 'qa.weblog-index',
    severity: 'reject',
    section: '§4.5',
    statement: 'The weblog contains its start page, `pipeline*/html/index.html`.',
    reason: 'The PI opens the weblog at this page.',
    example: 'The weblog contains `pipeline-20141205T153255/html/t1-1.html`, but no `index.html`.',
    remedy: 'Pack the weblog again from the directory that contains `pipeline-<time>/`.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'archive')) {
        if (file.role !== 'weblog' || facts.facts.weblogIndex !== null) continue;
        const message = 'the weblog has no start page';
        const found = `${facts.facts.files} files`;
        yield { file: file.path, message, expected: 'pipeline*/html/index.html', found };
      }
    },
  },
  {
    code: 'qa.text-content',
    severity: 'warn',
    section: '§4.5',
    statement: 'A QA2 text file is about the execution block in its name.',
    reason: 'The names contain the uid so that each block can be judged by its own file.',
    example: '`qa/uid___A002_X1_Xb1__textfile.txt` begins `QA2 report of uid___A002_X1_Xb2`.',
    remedy: 'Name the file after the execution block that it is about.',
    *check(inventory) {
      for (const { file, facts } of factsOf(inventory, 'qa2-text')) {
        const expected = file.executionBlock === null ? null : toFileForm(file.executionBlock);
        if (expected === null || facts.executionBlock === null || facts.executionBlock === expected) continue;
        const message = 'the text is about another execution block';
        yield { file: file.path, message, expected, found: facts.executionBlock };
      }
    },
  },
]);

/** Later cycles have one `qa2_report` of the MemberOUS instead of pages for each execution block. */
function needsReports(inventory: Inventory): boolean {
  const later = filesWithRole(inventory, 'qa2.report').length > 0;
  return inventory.mode === 'analyst' && hasItem(inventory, 4) && !later;
}

/** Rejects a block without any page; only warns if some of the three are missing, since §4.5 says "several". */
function* missingPages(inventory: Inventory): Iterable<Violation> {
  const pages = groupBy(filesWithRole(inventory, 'qa2.page'), ({ executionBlock }) => executionBlock);
  for (const uid of inventory.executionBlocks) {
    const there = (pages.get(uid) ?? []).map((file) => file.page);
    const lacking = PAGES.filter((page) => !there.includes(page));
    if (lacking.length === 0) continue;
    const names = lacking.map((page) => `qa/${toFileForm(uid)}__qa2_part${page}.png`);
    yield {
      file: null,
      message: `execution block ${uid} has ${there.length === 0 ? 'no pages' : 'not all pages'} of its QA2 report`,
      expected: names.join(', '),
      found: there.length === 0 ? null : `part ${there.join(', ')}`,
      ...(there.length === 0 ? {} : { severity: 'warn' as const }),
    };
  }
}
