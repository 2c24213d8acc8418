import type { DeliveryInspection, ImagePair } from '@almagest/delivery';
import { verifyPrimaryBeam } from '@almagest/fits';
import type { FileLog } from './file-log';
import { imageSource } from './stored-content';
import type { MeasuredImage } from './validation-document';

/** Hears which image is measured. */
export type MeasuringProgress = (image: string, index: number, of: number) => void;

/**
 * The second pass: sets every corrected image against its primary beam (§4.3), and tells the inspection. An image that
 * cannot be measured is told with the reason.
 * @throws the reason of `signal` when it is aborted
 */
export async function measureImages(
  inspection: DeliveryInspection,
  log: FileLog,
  treePrefix: string,
  signal: AbortSignal,
  onImage: MeasuringProgress,
): Promise<MeasuredImage[]> {
  const pairs = await inspection.imagePairs();
  const measured: MeasuredImage[] = [];
  for (const [index, pair] of pairs.entries()) {
    signal.throwIfAborted();
    onImage(pair.image, index + 1, pairs.length);
    measured.push(await measure(pair, inspection, log, treePrefix, signal));
  }
  return measured;
}

async function measure(
  pair: ImagePair,
  inspection: DeliveryInspection,
  log: FileLog,
  treePrefix: string,
  signal: AbortSignal,
): Promise<MeasuredImage> {
  const names = { file: pair.image, primaryBeam: pair.primaryBeam };
  try {
    const verification = await verifyPrimaryBeam(
      imageSource(log, pair.imagePart, pair.image, treePrefix, signal),
      imageSource(log, pair.primaryBeamPart, pair.primaryBeam, treePrefix, signal),
    );
    inspection.measured(pair, verification);
    const { image, noise, sameShape, sameSky, onlyInImage, onlyInBeam, beamMinimum, beamMaximum } = verification;
    const beam = image.beam && {
      majorArcsec: image.beam.majorArcsec,
      minorArcsec: image.beam.minorArcsec,
      positionAngleDeg: image.beam.paDeg,
    };
    const result = {
      unit: image.unit,
      beam,
      noise,
      sameShape,
      sameSky,
      onlyInImage,
      onlyInBeam,
      beamMinimum,
      beamMaximum,
    };
    return { ...names, result, problem: null };
  } catch (error) {
    signal.throwIfAborted();
    return { ...names, result: null, problem: error instanceof Error ? error.message : String(error) };
  }
}
