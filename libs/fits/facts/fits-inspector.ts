import { ImageStatistics, Statistics } from '../image/image-statistics';
import { PixelDecoder } from '../image/pixel-decoder';
import { PixelKernel } from '../image/pixel-kernel';
import { filledDisc } from '../image/filled-disc';
import { PixelSample, planesOf, type SampledImage } from '../qa2/pixel-sample';
import { ChecksumState } from '../reader/checksum';
import { FitsHandler, FitsReader, FitsSummary } from '../reader/fits-reader';
import { FitsLimits, Hdu, HduKind, holdsImage } from '../reader/hdu';
import { BeamTable } from './beam';
import { ImageFacts, imageFacts } from './image-facts';

/** Facts of one HDU. `dataOffset` and `dataLength` are bytes of the (decompressed) file. */
export interface HduFacts {
  index: number;
  kind: HduKind;
  name: string | null;
  bitpix: number;
  axes: number[];
  dataOffset: number;
  dataLength: number;
  checksum: ChecksumState;
  /** A tile-compressed image (FITS 4.0 §10): a binary table, whose image is not decompressed. */
  isCompressedImage: boolean;
}

/** The result of one pass over a FITS file. */
export interface FitsInspection extends FitsSummary {
  contents: HduFacts[];
  /** Facts and statistics of the first HDU with an image; null without one. */
  image: ImageFacts | null;
  imageHdu: number | null;
  statistics: Statistics | null;
}

export interface InspectorOptions {
  limits?: Partial<FitsLimits>;
  /** Also takes a sample of the image's pixels, of at most 512 KiB. */
  sample?: boolean;
}

/** One kernel for all inspections: each uses it synchronously. */
let shared: PixelKernel | undefined;
function kernel(): PixelKernel {
  return (shared ??= new PixelKernel());
}

/**
 * Inspects a FITS file in one pass as it arrives: contents, conformance, facts and statistics of its image, and a
 * sample of its pixels for measuring. Call `write` for each chunk, then `end`; both throw `FitsError`. Memory use does
 * not depend on the size of the file.
 */
export class FitsInspector implements FitsHandler {
  private readonly reader: FitsReader;
  private readonly contents: HduFacts[] = [];
  private imageHdu: Hdu | null = null;
  private decoder: PixelDecoder | null = null;
  private statistics: ImageStatistics | null = null;
  private sample: PixelSample | null = null;
  private beams: BeamTable | null = null;
  private beamsHdu: Hdu | null = null;

  constructor(private readonly options: InspectorOptions = {}) {
    this.reader = new FitsReader(this, options.limits);
  }

  write(chunk: Uint8Array): void {
    this.reader.write(chunk);
  }

  end(): FitsInspection {
    return this.inspection(this.reader.end());
  }

  /** The result so far, to report about a truncated file. */
  soFar(): FitsInspection {
    return this.inspection(this.reader.summary());
  }

  /** The image of a result of `end` with its sample; null without an image, or when no sample was requested. */
  sampledImage({ image, statistics }: FitsInspection): SampledImage | null {
    const { imageHdu, sample } = this;
    if (imageHdu === null || image === null || statistics === null || sample === null) return null;
    return { facts: image, planes: planesOf(imageHdu), statistics, sample };
  }

  onHeader(hdu: Hdu): void {
    if (this.beams === null) {
      this.beams = BeamTable.from(hdu);
      this.beamsHdu = hdu;
    }
    if (this.imageHdu !== null || !holdsImage(hdu)) return;
    this.imageHdu = hdu;
    this.decoder = new PixelDecoder(hdu, kernel());
    this.statistics = new ImageStatistics((hdu.axes[0] ?? 0) * (hdu.axes[1] ?? 0), kernel());
    if (this.options.sample === true) this.sample = new PixelSample(hdu.axes);
  }

  onData(hdu: Hdu, bytes: Uint8Array): void {
    if (hdu === this.imageHdu && this.decoder) {
      for (const values of this.decoder.decode(bytes)) {
        this.statistics?.add(values);
        this.sample?.add(values);
      }
    } else if (hdu === this.beamsHdu) this.beams?.add(bytes);
  }

  onHduEnd(hdu: Hdu, checksum: ChecksumState): void {
    const { index, kind, name, bitpix, axes, dataOffset, dataLength } = hdu;
    const isCompressedImage = kind === 'bintable' && hdu.header.logical('ZIMAGE') === true;
    this.contents.push({ index, kind, name, bitpix, axes, dataOffset, dataLength, checksum, isCompressedImage });
  }

  private inspection(summary: FitsSummary): FitsInspection {
    return {
      ...summary,
      contents: this.contents,
      image: this.imageHdu && imageFacts(this.imageHdu, this.beams?.beams, this.sample && filledDisc(this.sample)),
      imageHdu: this.imageHdu?.index ?? null,
      statistics: this.statistics?.result() ?? null,
    };
  }
}
