import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveryInspection } from '@almagest/delivery';
import { parseUid } from '@almagest/ous';
import { renderRawData } from './raw-data.mail';
import { renderRejected } from './rejected.mail';
import { GOVERNING_DOCUMENT, type RenderedMail } from './render';

const GROUP = parseUid('uid://A001/X1/Xa2');
const OUS = parseUid('uid://A001/X1/Xa3');
const IDENTITY = { project: '2013.1.09999.S', group: GROUP, ous: OUS, revision: 1 };

async function rejected(): Promise<RenderedMail> {
  const report = await new DeliveryInspection({ posted: null }).finish();
  return renderRejected({
    ...IDENTITY,
    alsoServes: [],
    level: 'member',
    deliveryId: '5f0c1234-0000-4000-8000-000000000000',
    report,
  });
}

function rawData(): RenderedMail {
  const requestId = '5f0c1234-0000-4000-8000-000000000001';
  const asdm = {
    uid: parseUid('uid://A002/X1/Xb1'),
    use: 'used' as const,
    fileName: '2013.1.09999.S_uid___A002_X1_Xb1.asdm.sdm.tar',
    unpacksTo: '2013.1.09999.S/raw/uid___A002_X1_Xb1.asdm.sdm',
    size: 1,
    state: 'staged' as const,
    bytesDone: 1,
    sha256: 'ab'.repeat(32),
    error: null,
    url: `/raw-requests/${requestId}/asdms/1`,
  };
  return renderRawData({
    event: {
      ...IDENTITY,
      requestId,
      delivery: null,
      notify: null,
      expiresAt: '2014-12-20T00:00:00Z',
      asdms: [asdm],
    },
    outcome: 'staged',
    scriptUrl: `https://archive.example.org/raw-requests/${requestId}/download.sh`,
    recipient: 'Henrietta Leavitt',
  });
}

describe('a mail that cites sections', () => {
  it.each([
    ['about a rejected delivery', rejected],
    ['about staged raw data', rawData],
  ])('names and links their document: %s', async (_, render) => {
    const { text, html } = await render();
    for (const body of [text.replaceAll(/\s+/g, ' '), html.replaceAll('&#x2F;', '/')]) {
      expect(body).toContain('§');
      expect(body).toContain(GOVERNING_DOCUMENT.title);
      expect(body).toContain(GOVERNING_DOCUMENT.url);
    }
  });

  it('gives the address that the page about the document gives', () => {
    const page = readFileSync(join(__dirname, '../../../docs/standard/README.md'), 'utf8');
    expect(page).toContain(`**Where it is published.** On the ALMA Science Portal, ${GOVERNING_DOCUMENT.url}:`);
    expect(page.replaceAll(/\s+/g, ' ')).toContain(GOVERNING_DOCUMENT.title);
  });
});
