import fc from 'fast-check';
import { sampleContent, sampleDelivery } from '../testing/sample-delivery';
import { PprReader } from './ppr';
import type { Reading } from './reading';

const sample = sampleContent(sampleDelivery('pipeline'), 'script/PPR_uid___A001_X1_Xa4.xml');

function read(content: Uint8Array | string, chunk = 1000): Reading<unknown> {
  const reader = new PprReader();
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += chunk) reader.write(bytes.subarray(at, at + chunk));
  return reader.end();
}

const ppr = (body: string, prolog = ''): string => `${prolog}<SciPipeRequest>${body}</SciPipeRequest>`;

describe('PprReader', () => {
  it.each([1, 7, 100_000])('reads the PPR of the sample in chunks of %d bytes', (chunk) => {
    expect(read(sample, chunk)).toEqual({
      facts: {
        projectCode: '2013.1.09999.S',
        memberOus: 'uid://A001/X1/Xa4',
        schedulingBlock: 'uid://A001/X1/Xc3',
        procedure: 'hifacal',
        executionBlocks: ['uid://A002/X1/Xb3'],
        sessions: [{ number: 1, executionBlocks: ['uid://A002/X1/Xb3'] }],
        obsProject: 'uid://A001/X1/Xa0',
        schedulingBlockStatus: 'uid://A001/X1/Xc4',
        relativePath:
          '2013.1.09999.S/SOUS_uid___A001_X1_Xa1/GOUS_uid___A001_X1_Xa2/MOUS_uid___A001_X1_Xa4/SBS_uid___A001_X1_Xc4',
      },
      problem: null,
    });
  });

  describe.each([1, 1000])('in chunks of %d bytes', (chunk) => {
    const titled = (encoding: string): string =>
      ppr('<ProcedureTitle>Calibraci\u00f3n</ProcedureTitle>', `<?xml version="1.0" encoding="${encoding}"?>`);
    it.each([
      ['UTF-8', Buffer.from(titled('UTF-8'))],
      ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${titled('utf-8')}`)],
      ['ISO-8859-1', Buffer.from(titled('ISO-8859-1'), 'latin1')],
      ['Windows-1252', Buffer.from(titled('windows-1252'), 'latin1')],
      ['UTF-16, little-endian', Buffer.from(`\ufeff${titled('UTF-16')}`, 'utf16le')],
      ['UTF-16, big-endian', Buffer.from(`\ufeff${titled('UTF-16')}`, 'utf16le').swap16()],
    ])('reads a PPR in %s', (_, bytes) => {
      expect(read(bytes, chunk)).toMatchObject({ facts: { procedure: 'Calibraci\u00f3n' }, problem: null });
    });
  });

  it.each([
    ['bytes in another encoding than declared', Buffer.from(ppr('\u00f3', '<?xml version="1.0"?>'), 'latin1')],
    ['an encoding that hides text', Buffer.from(ppr('', '<?xml version="1.0" encoding="UTF-7"?>'))],
    ['UTF-16 that is none', Buffer.from(ppr('', '<?xml version="1.0" encoding="UTF-16"?>'))],
  ])('rejects %s', (_, bytes) => {
    expect(read(bytes).problem).not.toBeNull();
  });

  it('matches local names under any namespace prefix, declared or not', () => {
    const { facts } = read(
      '<sci:SciPipeRequest><a:ProjectSummary><b:ProposalCode>2015.1.00001.S</b:ProposalCode></a:ProjectSummary>' +
        '<ps:ProjectStructure><c:OUSStatusRef entityId="uid://A001/X1/X2"/></ps:ProjectStructure></sci:SciPipeRequest>',
    );
    expect(facts).toMatchObject({ projectCode: '2015.1.00001.S', memberOus: 'uid://A001/X1/X2' });
  });

  it('reads several blocks and the blocks of each session', () => {
    const block = (uid: string): string => `<AsdmRef><ExecBlockId>${uid}</ExecBlockId></AsdmRef>`;
    const intent = (keyword: string, value: string): string =>
      `<Intents><Keyword>${keyword}</Keyword><Value>${value}</Value></Intents>`;
    const [one, two] = ['uid://A002/X1/X1', 'uid://A002/X1/X2'];
    const { facts } = read(
      ppr(block(one) + block(two) + block(one) + intent('SESSION_1', `${one} | ${two}`) + intent('PROCESS', 'true')),
    );
    expect(facts).toMatchObject({
      executionBlocks: [one, two],
      sessions: [{ number: 1, executionBlocks: [one, two] }],
    });
  });

  it.each([
    ['a document type', ppr('', '<!DOCTYPE SciPipeRequest [<!ENTITY x "y">]>'), 'a DOCTYPE'],
    ['an external entity', ppr('', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'), 'a DOCTYPE'],
    ['an undefined entity', ppr('&xxe;'), 'undefined entity'],
    ['another root', '<html></html>', 'html'],
    ['an element left open', '<SciPipeRequest><a>', 'unclosed tag'],
    ['no XML at all', 'nothing', 'text data outside of root node'],
    ['nothing', '', 'document must contain a root element'],
    ['elements without end', ppr('<a>'.repeat(5000)), 'more'],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(ppr('')).subarray(0, 16), Buffer.from([0xff])]),
      'bytes that are not',
    ],
    [
      'a character cut in two at its end',
      Buffer.concat([Buffer.from(ppr('')), Buffer.from([0xc3])]),
      'bytes that are not',
    ],
  ])('rejects %s', (_, content, found) => {
    const { facts, problem } = read(content);
    expect(facts).toBeNull();
    expect(problem?.found.toLowerCase()).toContain(found.toLowerCase());
  });

  it('keeps a limited part of long texts and lists', () => {
    const code = `<ProjectSummary><ProposalCode>${'x'.repeat(1e6)}</ProposalCode></ProjectSummary>`;
    const blocks = Array.from({ length: 3000 }, (_, index) => `<AsdmRef><ExecBlockId>${index}</ExecBlockId></AsdmRef>`);
    const { facts } = read(ppr(code + blocks.join('')), 65_536);
    expect(JSON.stringify(facts).length).toBeLessThan(20_000);
  });

  it('reads a mutated PPR to facts or a problem, and never throws', () => {
    const changes = fc.array(fc.tuple(fc.nat(sample.length - 1), fc.uint8Array({ maxLength: 12 }), fc.nat(40)), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 5000 }), (all, chunk) => {
        let bytes = Buffer.from(sample);
        for (const [at, inserted, removed] of all) {
          bytes = Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)]);
        }
        const { facts, problem } = read(bytes, chunk);
        expect((facts === null) !== (problem === null)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);
});
