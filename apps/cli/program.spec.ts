import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { version as packageVersion } from '../../package.json';
import { Interruption } from './context';
import { runProgram } from './program';
import { MemoryTerminal } from './testing/memory-terminal';

interface Outcome {
  exitCode: number;
  out: string;
  err: string;
}

async function almagest(...args: string[]): Promise<Outcome> {
  const memory = new MemoryTerminal({ isTTY: false });
  const config = { ALMAGEST_HOME: join(tmpdir(), 'almagest-cli-nowhere'), RETRY_MAXIMUM_SECONDS: 8 };
  const context = { terminal: memory.terminal, config, interruption: new Interruption() };
  const exitCode = await runProgram(context, args);
  return { exitCode, out: memory.out(), err: memory.err() };
}

describe('wrong usage ends with 2 and shows the usage', () => {
  it.each([
    ['a missing argument', ['submit'], 'Usage: almagest submit [options] <RESULT.json> [PART.tar...]'],
    ['an unknown option', ['status', '--folow'], '(Did you mean --follow?)\nUsage: almagest status [options] [ID]'],
    ['too many arguments', ['ls', 'a', 'b'], 'Usage: almagest ls [options] [WHAT]'],
    ['an invalid item', ['ls', '5f0c', '--item', '8'], 'Usage: almagest ls [options] [WHAT]'],
    ['an invalid port', ['up', '--port', '1e3'], 'Usage: almagest up [options]'],
    ['a source that is not a directory', ['up', '--source', '/nowhere'], 'Usage: almagest up [options]'],
    ['a server that is not a URL', ['mail', '--server', 'archive'], 'Usage: almagest mail [options] [command] [ID]'],
    ['a server and a home', ['ls', '--server', 'http://a', '--home', 'h'], 'Usage: almagest ls [options] [WHAT]'],
    ['parts and a tree', ['submit', 'r.json', 'a.tar', '--tree', 't'], 'Usage: almagest submit'],
    ['nothing to follow', ['status', '--follow'], 'Usage: almagest status [options] [ID]'],
    ['an invalid id', ['status', 'zz'], 'Usage: almagest status [options] [ID]'],
    ['no mail to show', ['mail', '--html'], 'Usage: almagest mail [options] [command] [ID]'],
    ['neither a delivery nor a link', ['link'], 'Usage: almagest link [options] [DELIVERY]'],
    ['a delivery and a link', ['link', '5f0c', '--revoke', '77ab'], 'Usage: almagest link [options] [DELIVERY]'],
    ['an invalid link', ['ls', '--link', 'http://a'], 'Usage: almagest ls [options] [WHAT]'],
    [
      'all ASDMs and a selection',
      ['raw', 'request', 'uid://A001/X1/Xa3', '--all', '--asdm', 'uid://A002/X1/Xb1'],
      'Usage: almagest raw request [options] <OUS>',
    ],
    ['raw data of an invalid uid', ['raw', 'list', 'x'], 'Usage: almagest raw list [options] <OUS>'],
    ['an invalid request id', ['raw', 'fetch', 'zz'], 'Usage: almagest raw fetch [options] <ID>'],
    [
      'a name without an address',
      ['raw', 'request', 'uid://A001/X1/Xa3', '--name', 'x'],
      'Usage: almagest raw request [options] <OUS>',
    ],
    ['an invalid scrub id', ['scrub', 'zz'], 'Usage: almagest scrub [options] [ID]'],
    [
      'a repair of an earlier reconciliation',
      ['reconcile', '5f0c', '--repair'],
      'Usage: almagest reconcile [options] [ID]',
    ],
    ['raw without a command', ['raw'], 'Usage: almagest raw [options] [command]'],
    ['a search for nothing', ['search'], 'Usage: almagest search [options] [POSITION...]'],
    ['half a position', ['search', '150.5'], 'a right ascension and a declination'],
    ['a place outside the sky', ['search', '150.5', '-91'], 'the declination -91 is not from -90 to 90°'],
    ['a radius without a unit', ['search', '1', '2', '--radius', '3'], 'such as 10arcsec, 1.5arcmin or 0.2deg'],
    ['a radius around nothing', ['search', '--radius', '3deg'], '--radius requires a position'],
    ['a frequency that is no number', ['search', '--frequency', 'CO'], 'or a range such as 229.5..231'],
    ['a range from high to low', ['search', '--resolution', '2..1'], 'or a range such as 229.5..231'],
    ['a band that does not exist', ['search', '--band', '3,11'], 'a whole number from 1 to 10'],
    ['a query and a position', ['search', '1', '2', '--query', 'x'], 'cannot be combined with a position'],
    ['two queries', ['search', '--adql', 'x', '--query', 'y'], 'Usage: almagest search'],
    ['a table in a file', ['search', '--band', '3', '--output', 'x'], '--output requires --format'],
    ['a very long table', ['search', '--band', '3', '--limit', '10001'], 'a table has at most 10000 rows'],
    ['a filter without a delivery', ['ls', '--role', 'readme'], 'Usage: almagest ls [options] [WHAT]'],
  ])('%s', async (_title, args, usage) => {
    const { exitCode, out, err } = await almagest(...args);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(usage);
  });

  it('an unknown command, with a suggestion', async () => {
    const { exitCode, err } = await almagest('sumbit');
    expect(exitCode).toBe(2);
    expect(err).toContain('(Did you mean submit?)');
  });

  it('no command', async () => {
    const { exitCode, err } = await almagest();
    expect(exitCode).toBe(2);
    expect(err).toContain('Exit codes:');
  });
});

it.each(['--version', '-V'])('%s prints the version of the package', async (option) => {
  expect(await almagest(option)).toEqual({ exitCode: 0, out: `${packageVersion}\n`, err: '' });
});

describe('help', () => {
  it.each([
    'up',
    'demo',
    'submit',
    'status',
    'ls',
    'raw',
    'mail',
    'link',
    'pack',
    'fetch',
    'restore',
    'validate',
    'scrub',
    'reconcile',
    'dead-letters',
    'rebuild-catalogue',
    'rebuild-search',
  ])('of %s has an example', async (command) => {
    const { exitCode, out, err } = await almagest('help', command);
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`Examples?:\\n  almagest ${command}`));
  });

  it('fits 80 columns', async () => {
    const { out } = await almagest('--help');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('submit RESULT.json [PART.tar...]  post a QA2 result and follow it');
  });
});

describe('standard output that takes nothing', () => {
  const run = async (code: string, ...args: string[]): Promise<[number, string]> => {
    const memory = new MemoryTerminal({ isTTY: false });
    memory.stdout._transform = (_chunk, _encoding, done) => done(Object.assign(new Error(code), { code }));
    const config = { ALMAGEST_HOME: join(tmpdir(), 'almagest-cli-nowhere'), RETRY_MAXIMUM_SECONDS: 8 };
    const context = { terminal: memory.terminal, config, interruption: new Interruption() };
    return [await runProgram(context, args), memory.err()];
  };
  const REJECTED = ['validate', join(__dirname, '../../docs')];

  it.each([
    ['help', ['--help']],
    ['the help of a command', ['help', 'fetch']],
    ['the version', ['--version']],
    ['a list', ['rules']],
    ['JSON', ['rules', '--json']],
    ['a verdict', REJECTED],
  ])('on a full disk, %s ends with 4', async (_title, args) => {
    expect(await run('ENOSPC', ...args)).toEqual([
      4,
      expect.stringContaining('almagest: cannot write standard output: the disk is full'),
    ]);
  });

  it.each([
    ['a list ends with 0', ['rules'], 0],
    ['the help ends with 0', ['--help'], 0],
    ['a rejected delivery ends with 1', REJECTED, 1],
    ['a rejected delivery ends with 1, as JSON too', [...REJECTED, '--json'], 1],
  ])('because its reader left, changes nothing: %s', async (_title, args, exitCode) => {
    expect((await run('EPIPE', ...args))[0]).toBe(exitCode);
  });
});

describe('without an archive', () => {
  it('a command ends with 3 and says how to start an archive', async () => {
    const { exitCode, out, err } = await almagest('status');
    expect([exitCode, out]).toEqual([3, '']);
    expect(err).toContain('npx almagest up --home');
  });

  it('--json prints one JSON document', async () => {
    const { exitCode, out } = await almagest('ls', '--json');
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'cli.no-archive', exitCode } });
  });
});
