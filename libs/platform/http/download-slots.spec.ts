import { DownloadSlots } from './download-slots';

const from = (ip: string, id?: string): { ip: string; caller?: { id: string } } => ({
  ip,
  ...(id === undefined ? {} : { caller: { id } }),
});
const refusal = {
  kind: 'unavailable',
  code: 'http.too-many-downloads',
  detail: { headers: { 'Retry-After': '10' } },
};

function failureOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('DownloadSlots', () => {
  it('refuses a download above the total until one has ended', () => {
    const slots = new DownloadSlots({ MAX_DOWNLOADS: 2, MAX_DOWNLOADS_PER_CALLER: 2 });
    const release = slots.take(from('a'));
    slots.take(from('b'));
    expect(failureOf(() => slots.take(from('c')))).toMatchObject(refusal);
    release();
    slots.take(from('c'));
  });

  it('counts the downloads of an address, and those of a token from any address', () => {
    const slots = new DownloadSlots({ MAX_DOWNLOADS: 100, MAX_DOWNLOADS_PER_CALLER: 1 });
    slots.take(from('a'));
    expect(failureOf(() => slots.take(from('a')))).toMatchObject(refusal);
    slots.take(from('a', 'person:jane'));
    expect(failureOf(() => slots.take(from('b', 'person:jane')))).toMatchObject(refusal);
    slots.take(from('b'));
  });

  it('frees a slot once, even when it is released twice', () => {
    const slots = new DownloadSlots({ MAX_DOWNLOADS: 2, MAX_DOWNLOADS_PER_CALLER: 2 });
    const release = slots.take(from('a'));
    slots.take(from('a'));
    release();
    release();
    slots.take(from('a'));
    expect(failureOf(() => slots.take(from('a')))).toMatchObject(refusal);
  });
});
