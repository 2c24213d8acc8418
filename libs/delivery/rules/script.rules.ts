import { filesWithRole } from '../inventory/inventory';
import { ruleFamily } from './rule';
import { hasItem, missing, missingPerBlock } from './violations';

export const scriptRules = ruleFamily([
  {
    code: 'script.pi',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'A MemberOUS has scriptForPI.py.',
    reason: 'It is the one script that a PI runs to regenerate the calibrated MeasurementSet (§5).',
    example: '`script/scriptForPI.py` is missing.',
    remedy: 'Add scriptForPI.py to `script/`.',
    *check(inventory) {
      if (inventory.mode === 'combination' || !hasItem(inventory, 5)) return;
      yield* missing(inventory, ['scriptForPI'], 'script/scriptForPI.py', 'scriptForPI.py is missing');
    },
  },
  {
    code: 'script.imaging',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'Every delivery has scriptForImaging.py.',
    reason: 'It regenerates the delivered images, and is the starting point for improving them (§6).',
    example: '`script/scriptForImaging.py` is missing.',
    remedy: 'Add scriptForImaging.py to `script/`.',
    *check(inventory) {
      if (!hasItem(inventory, 5)) return;
      yield* missing(inventory, ['scriptForImaging'], 'script/scriptForImaging.py', 'scriptForImaging.py is missing');
    },
  },
  {
    code: 'script.calibration',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'Calibrated by an analyst: there is one scriptForCalibration.py for each execution block.',
    reason: 'scriptForPI.py runs one on each ASDM; a block without one is not calibrated (§5.1).',
    example: '`script/uid___A002_X1_Xb2.ms.scriptForCalibration.py` is missing.',
    remedy: 'Add `<eb>.ms.scriptForCalibration.py`, or post the block as additional if it was not used.',
    *check(inventory) {
      if (inventory.mode !== 'analyst' || !hasItem(inventory, 5)) return;
      const expected = (block: string): string => `script/${block}.ms.scriptForCalibration.py`;
      yield* missingPerBlock(inventory, ['scriptForCalibration'], expected, 'calibration script');
    },
  },
  {
    code: 'script.calibration-in-pipeline',
    severity: 'note',
    section: '§4.2',
    statement: 'Calibrated by the Pipeline: there is no scriptForCalibration.py.',
    reason:
      'Calibration scripts are for manual calibration; next to a PPR they leave it unclear which calibration was used.',
    example: 'A delivery with a PPR also contains `uid___A002_X1_Xb3.ms.scriptForCalibration.py`.',
    remedy: 'Remove the script that was not used for the delivered calibration.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline') return;
      for (const { path } of filesWithRole(inventory, 'scriptForCalibration')) {
        const message = 'the delivery has both a PPR and a calibration script';
        yield { file: path, message, expected: 'no calibration script', found: path };
      }
    },
  },
  {
    code: 'script.flux',
    severity: 'note',
    section: '§4.2',
    needsAllFiles: true,
    statement:
      'Calibrated by an analyst, several execution blocks: scriptForFluxCalibration.py is present if it is needed.',
    reason:
      'The flux scales of blocks observed within a day may have been equalised; without the script they were not.',
    example: 'A delivery has two blocks and no `scriptForFluxCalibration.py`.',
    remedy: 'No action is needed if the blocks were calibrated one by one; otherwise add the script.',
    *check(inventory) {
      if (inventory.mode !== 'analyst' || inventory.executionBlocks.length < 2 || !hasItem(inventory, 5)) return;
      const expected = 'script/scriptForFluxCalibration.py, if the flux scales were equalised';
      const blocks = inventory.executionBlocks.length;
      yield* missing(
        inventory,
        ['scriptForFluxCalibration'],
        expected,
        `${blocks} execution blocks have no scriptForFluxCalibration.py`,
      );
    },
  },
  {
    code: 'script.ppr',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: the Pipeline processing request (PPR) is present.',
    reason: 'Its presence shows the user that the Pipeline calibrated the data (§1).',
    example: '`script/PPR_uid___A001_X1_Xa4.xml` is missing.',
    remedy: 'Add the `PPR_*.xml` to `script/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline') return;
      yield* missing(inventory, ['ppr'], 'script/PPR_*.xml', "the Pipeline's scripts are present, but no PPR");
    },
  },
  {
    code: 'script.pipeline-restore',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: casa_piperestorescript.py is present.',
    reason: 'scriptForPI.py uses it to restore the calibrated data from the raw ASDMs.',
    example: '`script/casa_piperestorescript.py` is missing.',
    remedy: 'Add casa_piperestorescript.py to `script/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline') return;
      const expected = 'script/casa_piperestorescript.py';
      yield* missing(inventory, ['piperestorescript'], expected, 'casa_piperestorescript.py is missing');
    },
  },
  {
    code: 'script.pipeline-rerun',
    severity: 'reject',
    section: '§4.2',
    needsAllFiles: true,
    statement: 'Calibrated by the Pipeline: casa_pipescript.py is present.',
    reason: 'It repeats the calibration from scratch, unchanged or with changes (§5.4).',
    example: '`script/casa_pipescript.py` is missing.',
    remedy: 'Add casa_pipescript.py to `script/`.',
    *check(inventory) {
      if (inventory.mode !== 'pipeline') return;
      yield* missing(inventory, ['pipescript'], 'script/casa_pipescript.py', 'casa_pipescript.py is missing');
    },
  },
]);
