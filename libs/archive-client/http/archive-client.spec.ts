import { ArchiveClient } from './archive-client';
import type { ArchiveRequests, Request } from './archive-requests';

describe('a long list', () => {
  it('is requested page by page, and only as far as it is read', async () => {
    const asked: Request[] = [];
    const pages: Record<string, unknown> = {
      '': { items: [{ code: '2013.1.00001.S' }, { code: '2013.1.00002.S' }], next: 'two' },
      two: { items: [{ code: '2013.1.00003.S' }], next: 'three' },
    };
    const json: ArchiveRequests['json'] = async (schema, request) => {
      asked.push(request);
      return { status: 200, value: schema.parse(pages[String(request.query?.['cursor'] ?? '')]) };
    };
    const client = new ArchiveClient({ json } as ArchiveRequests);
    const codes: string[] = [];
    for await (const { code } of client.projects()) {
      codes.push(code);
      if (codes.length === 3) break;
    }
    expect(codes).toEqual(['2013.1.00001.S', '2013.1.00002.S', '2013.1.00003.S']);
    expect(asked.map(({ path, query }) => [path, query?.['cursor']])).toEqual([
      ['/projects', undefined],
      ['/projects', 'two'],
    ]);
  });
});
