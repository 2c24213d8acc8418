import { sampleDelivery, sampleText } from '../testing/sample-delivery';
import { readCalapply, readPiScript, readRestoreScript } from './casa-scripts';

describe('readCalapply', () => {
  it('reads the calls and tables of the sample', () => {
    const facts = readCalapply(sampleText(sampleDelivery('pipeline'), 'calibration/uid___A002_X1_Xb3.ms.calapply.txt'));
    expect(facts).toEqual({
      calls: 3,
      measurementSets: ['uid___A002_X1_Xb3.ms'],
      tables: [
        'uid___A002_X1_Xb3.ms.hifa_antpos.s6_1.ants.tbl',
        'uid___A002_X1_Xb3.ms.hifa_bandpass.s11_4.spw0_1.channel.solintinf.bcal.tbl',
        'uid___A002_X1_Xb3.ms.hifa_timegaincal.s14_2.spw0_1.solintinf.gpcal.tbl',
        'uid___A002_X1_Xb3.ms.hifa_timegaincal.s14_3.spw0_1.solintinf.gacal.tbl',
      ],
    });
  });

  it('reads double quotes, a single table, and names without their directory', () => {
    const { measurementSets, tables } = readCalapply(`applycal(vis="/work/a.ms", gaintable = '/work/b.tbl')`);
    expect([measurementSets, tables]).toEqual([['a.ms'], ['b.tbl']]);
  });

  it('ignores other lines, and stops at an unclosed list', () => {
    const text = `# applycal(vis='a.ms')\nflagdata(vis='a.ms')\napplycal(gaintable=['a', 'b'\n`;
    expect(readCalapply(text)).toEqual({ calls: 1, measurementSets: [], tables: [] });
  });

  it('reads a line of unclosed lists only once', () => {
    expect(readCalapply(`applycal(${'gaintable=['.repeat(200_000)}`)).toEqual({
      calls: 1,
      measurementSets: [],
      tables: [],
    });
  });
});

describe('readPiScript', () => {
  it('reads the version', () => {
    const text = '# ALMA Data Reduction Script\n# $Id: scriptForPI.py,v 1.15 2015/10/10 16:17:54 dpetry Exp $\n';
    expect(readPiScript(text)).toEqual({ revision: '1.15', date: '2015-10-10' });
  });

  it.each(['', '# $Id$', '# $Id: scriptForPI.py,v 1.x 2015/10/10 16:17 $'])('finds none in "%s"', (text) => {
    expect(readPiScript(text)).toEqual({ revision: null, date: null });
  });
});

describe('readRestoreScript', () => {
  it('reads the data sets and sessions of the sample', () => {
    const script = sampleText(sampleDelivery('pipeline'), 'script/casa_piperestorescript.py');
    expect(readRestoreScript(script)).toEqual({
      isBlank: false,
      measurementSets: ['uid___A002_X1_Xb3'],
      sessions: ['session_1'],
    });
  });
});
