import { finding, report } from '../testing/documents';
import { PLAIN } from '../testing/memory-terminal';
import { findingLines, findingView, itemLines, reportView, verdictLine } from './report.view';

describe('findingView', () => {
  it('shows message, section, file, expected, found and remedy', () => {
    expect(findingView(finding({ found: 'nothing' }), PLAIN, 80)).toEqual([
      'reject script.pi (§4.2)',
      '  The delivery has no scriptForPI.py.',
      '  file      script/',
      '  expected  scriptForPI.py',
      '  found     nothing',
      '  remedy    Add the script.',
    ]);
  });

  it('folds long lines, and omits missing values', () => {
    const message = 'A rather long message that does not fit into one line.';
    expect(findingView(finding({ message, file: null, expected: null }), PLAIN, 40)).toEqual([
      'reject script.pi (§4.2)',
      '  A rather long message that does not',
      '  fit into one line.',
      '  remedy    Add the script.',
    ]);
  });

  it('escapes control characters', () => {
    const lines = findingView(finding({ file: 'a\u001b[2Jb', found: '\u009bx' }), PLAIN, 80);
    expect(lines.join('\n')).not.toMatch(/[\u001b\u009b]/);
    expect(lines).toContain('  file      a\\x1b[2Jb');
  });

  it('fits a short finding into two lines', () => {
    expect(findingLines(finding({ severity: 'warn' }), PLAIN, 40)).toEqual([
      'warn   script.pi: The delivery has no',
      '       scriptForPI.py.',
    ]);
  });
});

describe('reportView', () => {
  it('shows the verdict with its counts', () => {
    expect(verdictLine(report(), PLAIN)).toBe('Delivery standard (cycle-2): pass, 0 warnings, 0 notes');
    expect(verdictLine(report([finding(), finding({ severity: 'warn' })]), PLAIN)).toBe(
      'Delivery standard (cycle-2): rejected, 1 reason to reject, 1 warning, 0 notes',
    );
  });

  it('lists findings by severity, reasons to reject first', () => {
    const findings = (['note', 'warn', 'reject'] as const).map((severity) => finding({ severity, code: severity }));
    const heads = reportView(report(findings), PLAIN, 80).filter((line) => line.endsWith('(§4.2)'));
    expect(heads).toEqual(['reject reject (§4.2)', 'warn   warn (§4.2)', 'note   note (§4.2)']);
  });

  it('says how many findings are not listed', () => {
    const lines = reportView({ ...report([finding()]), omitted: [{ code: 'script.pi', count: 7 }] }, PLAIN, 80);
    expect(lines.at(-1)).toContain('Not listed: 7 more findings of script.pi.');
  });

  it('lists the items of §3', () => {
    expect(itemLines(report())).toEqual(['1  README           1 file  3.9 kB', '7  Datasets (ASDM)       -']);
  });
});
