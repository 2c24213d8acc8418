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

  it('ends the command without an error when its reader has closed it', async () => {
    const memory = new MemoryTerminal({ isTTY: false });
    memory.stdout.destroy(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
    await new Promise((resolve) => memory.stdout.once('close', resolve));
    expect(memory.closedBy).toMatchObject([{ code: 'cli.output-closed', exitCode: 0 }]);
    await expect(memory.terminal.print('more')).rejects.toMatchObject({ code: 'cli.output-closed' });
  });
});
