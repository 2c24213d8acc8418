import { BeamTable } from '../facts/beam-table';
import { ImageFacts, imageFacts } from '../facts/image-facts';
import { FitsError } from '../fits.error';
import { PixelDecoder, Pixels } from '../image/pixel-decoder';
import { PixelKernel } from '../image/pixel-kernel';
import { expanded, ExpansionOptions } from '../reader/expansion';
import { FitsHandler, FitsReader } from '../reader/fits-reader';
import { Hdu, holdsImage } from '../reader/hdu';
import { FitsLimits } from '../reader/limits';

/** A FITS file that can be read (again): a file on disk, or a member of a stored tar part by its range. */
export interface FitsSource extends ExpansionOptions {
  /** Opens the whole file from its first byte. Called once; each piece is used before the next one is asked for. */
  open(): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/**
 * Pulls the pixels of the first image of a FITS file, run after run: nothing is read before it is asked for, and no
 * more is held than one chunk of the source. Throws `FitsError`; errors of the source pass through.
 */
export class ImageStream implements FitsHandler {
  private readonly reader: FitsReader;
  private found: Hdu | null = null;
  private pending: Uint8Array[] = [];
  private runs: Generator<Pixels, void, undefined> | null = null;
  private decoder: PixelDecoder | null = null;
  private beams: BeamTable | null = null;
  private beamsHdu: Hdu | null = null;
  private isComplete = false;
  private readonly chunks: AsyncIterator<Uint8Array>;

  private constructor(
    bytes: AsyncIterable<Uint8Array>,
    private readonly kernel: PixelKernel,
    private readonly room: Buffer,
    limits: Partial<FitsLimits>,
  ) {
    this.reader = new FitsReader(this, limits);
    this.chunks = bytes[Symbol.asyncIterator]();
  }

  /**
   * Opens the source and reads up to the image's pixels; throws `fits.no-image` when the file ends before.
   * @param room the kernel's room for an image or for its primary beam: pixels come to lie there
   */
  static async open(
    source: FitsSource,
    kernel: PixelKernel,
    room: Buffer,
    limits: Partial<FitsLimits> = {},
  ): Promise<ImageStream> {
    const stream = new ImageStream(expanded(await source.open(), source), kernel, room, limits);
    try {
      while (stream.found === null && !stream.isComplete) await stream.readChunk();
      stream.image();
      return stream;
    } catch (error) {
      await stream.close();
      throw error;
    }
  }

  /** The header of the image. */
  image(): Hdu {
    if (this.found) return this.found;
    throw new FitsError('fits.no-image', 'the file holds no image');
  }

  /** The next pixels in the order of the file; null after the last. Good until the next call. */
  async next(): Promise<Pixels | null> {
    for (;;) {
      const run = this.runs?.next();
      if (run && !run.done) return run.value;
      const piece = this.pending.shift();
      if (piece) this.runs = this.decoder?.decode(piece) ?? null;
      else if (this.isComplete) return null;
      else await this.readChunk();
    }
  }

  /** Reads what follows the pixels, and gives the facts with the beams of a BEAMS table. */
  async finish(): Promise<ImageFacts> {
    while (!this.isComplete) {
      this.pending = [];
      await this.readChunk();
    }
    return imageFacts(this.image(), this.beams?.beams);
  }

  /** Stops reading; the source is let go. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  onHeader(hdu: Hdu): void {
    if (this.beams === null) {
      this.beams = BeamTable.from(hdu);
      this.beamsHdu = hdu;
    }
    if (this.found !== null || !holdsImage(hdu)) return;
    this.found = hdu;
    this.decoder = new PixelDecoder(hdu, this.kernel, this.room);
  }

  onData(hdu: Hdu, bytes: Uint8Array): void {
    if (hdu === this.found) this.pending.push(bytes);
    else if (hdu === this.beamsHdu) this.beams?.add(bytes);
  }

  private async readChunk(): Promise<void> {
    const chunk = await this.chunks.next();
    if (chunk.done !== true) {
      this.reader.write(chunk.value);
      return;
    }
    this.isComplete = true;
    this.reader.end();
  }
}
