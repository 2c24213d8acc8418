import { MemoryTerminal } from '../testing/memory-terminal';

describe('colours', () => {
  it.each([
    ['not on a pipe', { isTTY: false }, false],
    ['on a terminal', { isTTY: true }, true],
    ['not with NO_COLOR', { isTTY: true, noColour: true }, false],
    ['not on a dumb terminal', { isTTY: true, dumb: true }, false],
  ])('%s', (_title, facts, coloured) => {
    const { terminal } = new MemoryTerminal(facts);
    expect(terminal.outColours.isColorSupported).toBe(coloured);
    expect(terminal.errColours.isColorSupported).toBe(coloured);
  });
});

describe('the activity line', () => {
  it('is removed before other output and drawn again', async () => {
    const memory = new MemoryTerminal({ isTTY: true });
    memory.terminal.working(() => 'waiting');
    expect(memory.err()).toBe('\r\\ waiting\u001b[K');
    await memory.terminal.print('a result');
    memory.terminal.note('a step');
    memory.terminal.working(null);
    expect(memory.out()).toBe('a result\n');
    expect(memory.err()).toBe('\r\u001b[K\r| waiting\u001b[K\r\u001b[Ka step\n\r/ waiting\u001b[K\r\u001b[K');
  });

  it('fits the terminal', () => {
    const memory = new MemoryTerminal({ isTTY: true });
    memory.terminal.working(() => 'x'.repeat(200));
    memory.terminal.working(null);
    expect(memory.err()).toContain(`\r\\ ${'x'.repeat(74)}...\u001b[K`);
  });

  it.each([{ isTTY: false }, { isTTY: true, dumb: true }])('is not shown with %j', (facts) => {
    const memory = new MemoryTerminal(facts);
    memory.terminal.working(() => 'waiting');
    memory.terminal.note('a step');
    expect(memory.err()).toBe('a step\n');
  });
});

describe('standard output', () => {
  it('waits for a slow reader', async () => {
    const memory = new MemoryTerminal({ isTTY: false });
    const long = 'x'.repeat(memory.stdout.writableHighWaterMark);
    let isWritten = false;
    const writing = memory.terminal.print(long).then(() => (isWritten = true));
    await Promise.resolve();
    expect(isWritten).toBe(false);
    expect(memory.out()).toBe(`${long}\n`);
    await writing;
    expect(isWritten).toBe(true);
  });

  const failed = (code: string): MemoryTerminal => {
    const memory = new MemoryTerminal({ isTTY: false });
    memory.stdout._transform = (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code }));
    return memory;
  };

  it('takes text without an error once its reader has left', async () => {
    const { terminal } = failed('EPIPE');
    expect(terminal.isUnread).toBe(false);
    for (const text of ['one', 'more']) await expect(terminal.print(text)).resolves.toBeUndefined();
    expect(terminal.isUnread).toBe(true);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EFBIG', 'the file is too large for this file system'],
    ['EIO', 'EIO'],
  ])('reports text that is lost by %s, each time', async (code, why) => {
    const { terminal } = failed(code);
    for (const text of ['one', 'more']) {
      await expect(terminal.print(text)).rejects.toMatchObject({
        code: 'cli.output-lost',
        exitCode: 4,
        message: `cannot write standard output: ${why}`,
      });
    }
    expect(terminal.isUnread).toBe(false);
  });
});
