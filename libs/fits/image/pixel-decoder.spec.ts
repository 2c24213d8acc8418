import fc from 'fast-check';
import { Bitpix } from '../reader/hdu';
import { headerOf, record } from '../testing/fits-file.fixture';
import { PixelDecoder } from './pixel-decoder';
import { PixelKernel } from './pixel-kernel';

const kernel = new PixelKernel();

function decode(bitpix: Bitpix, chunks: readonly Uint8Array[], records: readonly string[] = []): number[] {
  const decoder = new PixelDecoder({ bitpix, header: headerOf(records) }, kernel);
  const pixels: number[] = [];
  // Each array is valid only until the next one is requested.
  for (const chunk of chunks)
    for (const values of decoder.decode(chunk)) for (const value of values) pixels.push(value);
  return pixels;
}

/** Decodes the numbers one by one, as the standard defines them. */
function slow(bitpix: Bitpix, bytes: Buffer): number[] {
  const width = Math.abs(bitpix) / 8;
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, i) => {
    const at = i * width;
    switch (bitpix) {
      case 8:
        return bytes.readUInt8(at);
      case 16:
        return bytes.readInt16BE(at);
      case 32:
        return bytes.readInt32BE(at);
      case 64:
        return Number(bytes.readBigInt64BE(at));
      case -32:
        return bytes.readFloatBE(at);
      case -64:
        return bytes.readDoubleBE(at);
    }
  });
}

describe.each<Bitpix>([8, 16, 32, 64, -32, -64])('pixels of BITPIX %i', (bitpix) => {
  it('are decoded from chunks of any length', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => {
        expect(decode(bitpix, chunks)).toEqual(slow(bitpix, Buffer.concat(chunks)));
      }),
    );
  });

  it('are decoded when they exceed the scratch buffer', () => {
    const bytes = Buffer.from(Array.from({ length: 600_003 }, (_, i) => (i * 7 + (i >> 8)) & 0x3f));
    const [values, expected] = [decode(bitpix, [bytes.subarray(0, 5), bytes.subarray(5)]), slow(bitpix, bytes)];
    expect(values).toHaveLength(expected.length);
    expect(values.every((value, i) => value === expected[i])).toBe(true);
  });

  it('are scaled', () => {
    const bytes = Buffer.alloc(16, 1);
    const expected = slow(bitpix, bytes).map((value) => 3 + 0.5 * value);
    expect(decode(bitpix, [bytes], [record('BSCALE', 0.5), record('BZERO', 3)])).toEqual(expected);
  });
});

describe('undefined pixels', () => {
  it('of integers have the value BLANK before scaling', () => {
    const bytes = Buffer.from([0x80, 0, 0, 5]);
    expect(decode(16, [bytes], [record('BLANK', -32768), record('BSCALE', 2)])).toEqual([NaN, 10]);
    const longest = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0]);
    expect(decode(64, [longest], [record('BLANK', '').replace(/'.*/, '-9223372036854775808'.padEnd(70))])).toEqual([
      NaN,
    ]);
  });

  it('of floats are NaN, even with a BLANK', () => {
    const bytes = Buffer.from([0x7f, 0xc0, 0, 0, 0x40, 0xa0, 0, 0]);
    expect(decode(-32, [bytes], [record('BLANK', 5)])).toEqual([NaN, 5]);
  });
});
