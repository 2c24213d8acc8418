import fc from 'fast-check';
import { FitsReader } from './fits-reader';
import { isValidHduSum, OnesComplementSum } from './checksum';
import { dataBytes, headerBytes, primaryRecords, record } from '../testing/fits-file.fixture';

/** Returns the sum by definition, one word at a time. */
function slowSum(bytes: Uint8Array): number {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) {
    sum += padded.readUInt32BE(at);
    if (sum >= 2 ** 32) sum = sum - 2 ** 32 + 1;
  }
  return sum;
}

/** Encodes a complement as 16 letters and digits by the published algorithm (FITS 4.0 Appendix J). */
function encode(sum: number): string {
  const complement = 0xffffffff - sum;
  const excluded = [0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60];
  const letters: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    const byte = (complement >>> (24 - 8 * i)) & 0xff;
    const quotient = Math.floor(byte / 4) + 0x30;
    const four = [quotient + (byte % 4), quotient, quotient, quotient];
    while (four.some((letter) => excluded.includes(letter))) {
      for (const pair of [0, 2]) {
        if (excluded.includes(four[pair] ?? 0) || excluded.includes(four[pair + 1] ?? 0)) {
          four[pair] = (four[pair] ?? 0) + 1;
          four[pair + 1] = (four[pair + 1] ?? 0) - 1;
        }
      }
    }
    four.forEach((letter, j) => (letters[4 * j + i] = letter));
  }
  const text = String.fromCharCode(...letters);
  return text.slice(-1) + text.slice(0, -1);
}

/** Returns a file with a valid DATASUM and CHECKSUM. */
function summed(data: Buffer): Buffer {
  const body = dataBytes(data);
  const records = [...primaryRecords(8, [data.length]), record('DATASUM', String(slowSum(body)))];
  const blank = Buffer.concat([headerBytes([...records, record('CHECKSUM', '0'.repeat(16))]), body]);
  return Buffer.concat([headerBytes([...records, record('CHECKSUM', encode(slowSum(blank)))]), body]);
}

function checksumOf(file: Buffer): { state: string; codes: string[] } {
  const states: string[] = [];
  const reader = new FitsReader({ onHduEnd: (_hdu, state) => states.push(state) });
  reader.write(file);
  return { state: states.join(), codes: reader.end().remarks.map((remark) => remark.code) };
}

describe('the checksum of an HDU', () => {
  it('equals the definition for any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
        const sum = new OnesComplementSum();
        for (const chunk of chunks) sum.add(chunk);
        expect(sum.value()).toBe(slowSum(Buffer.concat(chunks)));
      }),
    );
  });

  it('equals the definition for more bytes than the scratch buffer', () => {
    const bytes = Buffer.alloc(300_001, 0xfd);
    const sum = new OnesComplementSum();
    sum.add(bytes.subarray(0, 7));
    sum.add(bytes.subarray(7));
    expect(sum.value()).toBe(slowSum(bytes));
  });

  it('is valid for plus and minus zero', () => {
    expect([isValidHduSum(0, 0), isValidHduSum(0xffffffff, 0xffffffff), isValidHduSum(1, 0)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is valid for an unchanged file', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 5000 }), (data) => {
        expect(checksumOf(summed(Buffer.from(data)))).toEqual({ state: 'valid', codes: [] });
      }),
      { numRuns: 50 },
    );
  });

  it('is invalid after a change of a single bit of the data', () => {
    const file = summed(Buffer.from('a few bytes'));
    file.writeUInt8(file.readUInt8(2881) ^ 1, 2881);
    const codes = ['fits.checksum-mismatch', 'fits.datasum-mismatch'];
    expect(checksumOf(file)).toEqual({ state: 'invalid', codes });
  });

  it('is invalid after a change of the header', () => {
    const file = Buffer.from(summed(Buffer.from('data')).toString('latin1').replace('END ', 'ENDX'), 'latin1');
    file.write('END ', file.indexOf('ENDX') + 80, 'latin1');
    expect(checksumOf(file)).toMatchObject({ state: 'invalid', codes: ['fits.checksum-mismatch'] });
  });

  it('is absent when the header has a blank value', () => {
    const records = [...primaryRecords(8, []), record('CHECKSUM', ''), record('DATASUM', '')];
    expect(checksumOf(headerBytes(records))).toEqual({ state: 'absent', codes: [] });
  });

  it('of the data may be written as a number', () => {
    const records = [...primaryRecords(8, [4]), record('DATASUM', 0x01020304)];
    const file = Buffer.concat([headerBytes(records), dataBytes(Buffer.from([1, 2, 3, 4]))]);
    expect(checksumOf(file).state).toBe('valid');
  });

  it('of the data may be minus zero', () => {
    const records = [...primaryRecords(8, [4]), record('DATASUM', '0')];
    const file = Buffer.concat([headerBytes(records), dataBytes(Buffer.alloc(4, 0xff))]);
    expect(checksumOf(file).state).toBe('valid');
  });
});
