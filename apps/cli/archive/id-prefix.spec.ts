import { ID } from '../testing/documents';
import { completeId, idOrPrefix, isIdOrPrefix } from './id-prefix';

async function* ids(...all: string[]): AsyncGenerator<{ id: string }> {
  for (const id of all) yield { id };
}

describe('the beginning of an id', () => {
  it('is completed when exactly one id begins with it', async () => {
    await expect(completeId('5f0c', () => ids('aaaa', ID), 'result')).resolves.toBe(ID);
  });

  it('is refused when several ids begin with it, and they are listed', async () => {
    await expect(completeId('5f0c', () => ids(ID, '5f0c9999'), 'result')).rejects.toMatchObject({
      code: 'cli.id-ambiguous',
      message: `5f0c is ambiguous; it matches ${ID}, 5f0c9999`,
    });
  });

  it('lists only the first few of many', async () => {
    const many = Array.from({ length: 9 }, (_, index) => `5f0c${index}`);
    await expect(completeId('5f0c', () => ids(...many), 'result')).rejects.toThrow(/5f0c4, \.\.\.$/);
  });

  it('is unknown when no id begins with it', async () => {
    await expect(completeId('5f0c', () => ids('aaaa'), 'mail')).rejects.toMatchObject({
      code: 'cli.id-unknown',
      exitCode: 1,
      message: 'no mail has an id that begins with 5f0c',
    });
  });

  it('is not looked up when it is a whole id', async () => {
    const list = jest.fn(() => ids());
    await expect(completeId(ID, list, 'result')).resolves.toBe(ID);
    expect(list).not.toHaveBeenCalled();
  });

  it.each(['5f0', 'zzzz', '5f0c/../x', '-5f0c', `${ID}0`, ''])('is not %j', (text) => {
    expect(isIdOrPrefix(text)).toBe(false);
    expect(() => idOrPrefix(text, 'result')).toThrow(expect.objectContaining({ code: 'cli.usage' }) as Error);
  });

  it('may be in upper case', () => {
    expect(idOrPrefix('5F0C', 'result')).toBe('5f0c');
  });
});

describe('with a link, which opens no list', () => {
  const FULL = '5f0c1234-1111-4222-8333-444455556666';
  const link = { text: '', server: '', delivery: null, rawRequest: FULL, token: '' };
  const none = (): never => {
    throw new Error('a list was requested');
  };

  it('the id in the link is completed', async () => {
    await expect(completeId('5f0c', none, 'request', link)).resolves.toBe(FULL);
  });

  it('another beginning is refused, and the error says what to give', async () => {
    await expect(completeId('77ab', none, 'request', link)).rejects.toMatchObject({
      code: 'cli.usage',
      message: 'with a link, give the whole id of the request, not only 77ab',
    });
  });
});
