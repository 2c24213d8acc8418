import { execFileSync } from 'node:child_process';
import type { DeliveryReport } from '@almagest/contracts';
import { parseUid } from '@almagest/ous';
import { deliveredMail, GROUP, type Changes } from '../testing/delivered';
import { renderDelivered } from './delivered.mail';
import { GOVERNING_DOCUMENT } from './render';

const words = (body: string): string =>
  body
    .replaceAll(/<style>.*?<\/style>|<[^>]+>/gs, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&#x3D;', '=')
    .replaceAll('&#x2F;', '/')
    .replaceAll(/\s+/g, ' ');

/** Both forms of the mail, without markup and line breaks. */
const mailOf = async (changes: Changes = {}): Promise<{ subject: string; bodies: string[]; text: string }> => {
  const { subject, text, html } = renderDelivered(await deliveredMail(changes));
  return { subject, bodies: [words(text), words(html)], text };
};

const CLAIM: DeliveryReport['facts']['claims'][number] = {
  about: 'Continuum',
  beam: { majorArcsec: 0.79, minorArcsec: 0.62, positionAngleDeg: 6.2 },
  noise: { janskyPerBeam: 0.00021, width: { value: 1.5e9, unit: 'Hz' } },
  nearest: { file: 'p/product/a.pbcor.fits', beamAgrees: true, noiseAgrees: true },
};
const MEASURED: DeliveryReport['facts']['measurements'][number] = {
  file: 'p/product/a.pbcor.fits',
  primaryBeam: 'p/product/a.flux.fits',
  problem: null,
  result: {
    unit: 'Jy/beam',
    beam: { majorArcsec: 0.7912, minorArcsec: 0.6188, positionAngleDeg: 6.2 },
    agreement: null,
    noise: [{ stokes: 'I', sigma: 0.00042, channels: 1, channelsUsed: 1, pixels: 100, independentBeams: null }],
  },
};
const DISK: DeliveryReport['facts']['disk'] = {
  basis: 'products and raw data',
  basisBytes: 1e9,
  levels: [14, 10, 6, 6].map((factor, index) => ({ spaceSaving: index as 0 | 1 | 2 | 3, bytes: factor * 1e9 })),
};

describe('the mail about a delivery', () => {
  it('names the further MemberOUSs that it serves, and how to get their raw data', async () => {
    const { bodies } = await mailOf({ delivery: { alsoServes: [parseUid('uid://A001/X1/Xa9')] } });
    for (const body of bodies) {
      expect(body).toContain('Also serves');
      expect(body).toMatch(/To request their raw data, write the uid of one of them in place of \S+ in the request/);
      expect(body.match(/uid:\/\/A001\/X1\/Xa9/g)).toHaveLength(2);
    }
  });

  it.each([
    [true, true, 'The measured values agree with the README: each axis of the beam within 10 %, the noise within 25 %'],
    [true, false, 'The measured noise differs from what the README states.'],
    [false, true, 'The measured beam differs from what the README states.'],
    [false, false, 'The measured beam and noise differ from what the README states.'],
    [null, true, 'The measured values agree with the README: each axis of the beam within 10 %, the noise within 25 %'],
  ])('compares stated and measured values: beam %s, noise %s', async (beamAgrees, noiseAgrees, sentence) => {
    const claims = [{ ...CLAIM, nearest: { file: MEASURED.file, beamAgrees, noiseAgrees } }];
    const { bodies } = await mailOf({ facts: { claims, measurements: [MEASURED] } });
    for (const body of bodies) {
      expect(body).toContain('stated beam 0.79" x 0.62" (PA 6 deg), rms 0.21 mJy/beam over 1.5 GHz');
      expect(body).toContain('measured beam 0.791" x 0.619" (PA 6 deg), rms 0.42 mJy/beam');
      expect(body).toContain(sentence);
      expect(body).toContain('The project asked for a beam of 0.8" and an rms of 1.8 mJy/beam.');
    }
  });

  it('says when there is no image to compare with the README', async () => {
    for (const body of (await mailOf({ facts: { claims: [{ ...CLAIM, nearest: null }], measurements: [] } })).bodies) {
      expect(body).toContain('This delivery has no image to compare this with.');
    }
  });

  it('lists measured values if the README states none, and says so if nothing was measured', async () => {
    for (const readme of [null, { form: 'generic' as const, proposedRmsJansky: null, proposedBeamArcsec: null }]) {
      const measured = await mailOf({ readme, facts: { measurements: [MEASURED] } });
      for (const body of measured.bodies) {
        expect(body).toContain('a.pbcor.fits measured beam 0.791" x 0.619"');
        expect(body).not.toMatch(/ stated beam|The project asked/);
      }
      for (const body of (await mailOf({ readme })).bodies) {
        expect(body).toContain('The README of this delivery states neither beam nor noise.');
      }
    }
  });

  it('distinguishes used from additional ASDMs, and says how to request both', async () => {
    const { bodies } = await mailOf({ uses: ['used', 'used', 'additional'] });
    for (const body of bodies) {
      expect(body).toContain('2 ASDMs were used in the imaging; 1 more was observed but not used:');
      expect(body).toContain('uid___A002_X1_Xb3.asdm.sdm additional, not used in the reduction, 11.4 MB');
      expect(body).toContain('Request the used ASDMs (11.4 MB)');
      expect(body).toContain('additional ASDMs, write "asdms":"all", after the first brace of the request body.');
    }
    for (const body of (await mailOf()).bodies) expect(body).not.toMatch(/additional|"asdms"/);
    for (const body of (await mailOf({ uses: [] })).bodies) {
      expect(body).toContain('No raw data are known for this MemberOUS.');
    }
  });

  it('explains SEMIPASS', async () => {
    const { subject, bodies } = await mailOf({ delivery: { outcome: 'SEMIPASS' } });
    expect(subject).toContain('QA2 SEMIPASS');
    for (const body of bodies) {
      expect(body).toContain('has the QA2 outcome SEMIPASS: not everything that the project asked for was achieved');
      expect(body).not.toContain('has passed QA2');
    }
  });

  it.each([
    ['4.2.2', 'casapy'],
    ['4.2', 'casapy'],
    ['3.4', 'casapy'],
    ['4.3', 'casa'],
    ['4.7.0-1', 'casa'],
    ['5.1.1-5', 'casa'],
    ['6.7.5-18', 'casa'],
    ['10.0', 'casa'],
  ])('starts CASA %s as %s, and lists the disk need', async (casaVersion, program) => {
    const { bodies } = await mailOf({ readme: { casaVersion }, facts: { disk: DISK } });
    for (const body of bodies) {
      expect(body).toContain(`Use CASA ${casaVersion}, the version that the README names.`);
      expect(body).toContain(`${program} -c "execfile('scriptForPI.py')"`);
      expect(body).toContain(`${program} -c "SPACESAVING=1; execfile('scriptForPI.py')"`);
      for (const [level, need] of ['14.0', '10.0', '6.0', '6.0'].entries()) {
        expect(body).toContain(`SPACESAVING=${level} ${need} GB`);
      }
    }
    const pipeline = await mailOf({ readme: { casaVersion }, delivery: { mode: 'pipeline' }, facts: { disk: DISK } });
    for (const body of pipeline.bodies) {
      expect(body).toContain(`${program} --pipeline`);
      expect(body).toContain(', with the pipeline. ');
      expect(body).toContain("SPACESAVING=1; execfile('scriptForPI.py')");
      expect(body).not.toContain(`${program} -c`);
    }
  });

  it('names no CASA version if the README names none', async () => {
    for (const body of (await mailOf({ readme: { casaVersion: null } })).bodies) {
      expect(body).toContain('The README names no CASA version.');
    }
  });

  it('lists the combined members and revisions for a GroupOUS, without raw data and scriptForPI', async () => {
    const combines = [{ ous: GROUP.replace('Xa2', 'Xa3') as typeof GROUP, delivery: 'x', revision: 2 }];
    const { subject, bodies } = await mailOf({ level: 'group', delivery: { mode: 'combination', combines } });
    expect(subject).toBe(`ALMA project 2013.1.09999.S: QA2 PASS, GroupOUS ${GROUP} delivered`);
    for (const body of bodies) {
      expect(body).toContain(`The combined imaging of the 1 member of GroupOUS ${GROUP}`);
      expect(body).toContain('uid://A001/X1/Xa3 12m, NGC9999_a_06_TE, revision 2');
      expect(body).toContain('The raw data belong to the members of the group: see the mails about the members.');
      expect(body).not.toMatch(/scriptForPI|SPACESAVING|raw-requests/);
    }
  });

  it('says how long the data are proprietary, and who can use the links', async () => {
    const proprietary = 'access to this delivery and its raw data, until 2015-03-05. Do not pass them on';
    for (const [releaseDate, fact, note] of [
      ['2015-12-05', 'until 2015-12-05, then public', proprietary],
      [null, 'yes; no release date is set', proprietary],
      ['2014-12-05', 'no, public since 2014-12-05', 'anyone can use the links, and the links do not expire'],
    ] as const) {
      for (const body of (await mailOf({ delivery: { releaseDate } })).bodies) {
        expect(body).toContain(fact);
        expect(body).toContain(note);
      }
    }
  });

  it('shows each link once, in both forms', async () => {
    const { text, html } = renderDelivered(await deliveredMail());
    for (const body of [text, html.replaceAll('&#x3D;', '=').replaceAll('&#x2F;', '/')]) {
      const links = [...body.matchAll(/https:\/\/archive\.example[^\s'"<&]*/g)].map(([link]) => link);
      expect(links.length).toBeGreaterThan(2);
      expect(new Set(links).size).toBe(links.length);
    }
  });

  it('has one command for the raw data, which asks for a mail to the recipient; any name can be pasted', async () => {
    const { text } = renderDelivered(await deliveredMail());
    const command = /curl -H 'Content-Type[^]*?raw-requests\S*'/.exec(text)?.[0] ?? '';
    const printed = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$4"; }; ${command}`]).toString();
    expect(JSON.parse(printed)).toEqual({
      ous: 'uid://A001/X1/Xa3',
      notify: { name: 'Henrietta Leavitt', email: "o'leavitt@example.org" },
    });
  });

  it('says how to get the program that it names, and names the document of its section numbers', async () => {
    const { text, html } = renderDelivered(await deliveredMail());
    for (const body of [text, html]) {
      const commands = words(body).replace(/.*(?=curl -f -O)/, '');
      expect(commands).toMatch(
        /^curl -f -O 'https:\/\/archive\.example\/almagest' export ALMAGEST_LINK='\S+\?link=\S+'/,
      );
      expect(commands).toContain("' node almagest fetch 5f0c1234-0000-4000-8000-000000000000 --unpack");
      expect(body).not.toMatch(/(?<!node )almagest (?:fetch|raw|restore)/);
      expect(words(body)).toContain(GOVERNING_DOCUMENT.title);
      expect(body.replaceAll('&#x2F;', '/')).toContain(GOVERNING_DOCUMENT.url);
    }
    expect(html).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('folds prose at 80 characters, and escapes values in the HTML', async () => {
    const mail = await deliveredMail({ facts: { claims: [CLAIM], measurements: [MEASURED], disk: DISK } });
    const { text, html } = renderDelivered(mail);
    const long = text.split('\n').filter((line) => line.length > 80 && !/https?:\/\/|^ +-d |^ *\S+$/.test(line));
    expect(long).toEqual([]);
    expect(text).toContain('"A <ring> & more",');
    expect(html).toContain('A &lt;ring&gt; &amp; more');
  });
});

describe('the mail about a new revision', () => {
  const before = async (change: Changes['delivery'] = {}): Promise<NonNullable<Changes['replaces']>['delivery']> =>
    (await deliveredMail({ delivery: { id: '00000000-1111-4111-8111-111111111111', state: 'replaced', ...change } }))
      .delivery;
  const differences = {
    counts: { added: 1, removed: 1, changed: 23 },
    files: [{ change: 'added' as const, path: 'p/log/new.log' }],
  };

  it('says which revision it replaces, why, and what has changed', async () => {
    const sha256 = 'cd'.repeat(32);
    const replaced = await before({
      partList: [
        { name: '2013.1.09999.S_1_of_1.tar', size: 1, sha256, url: '/x' },
        { name: 'gone.tar', size: 1, sha256, url: '/x' },
      ],
    });
    const { subject, bodies } = await mailOf({
      delivery: { revision: 2, files: 30 },
      readme: { deliveredAgain: 'This is a re-delivery: the flux scale was wrong.' },
      replaces: { delivery: replaced, differences },
    });
    expect(subject).toContain('delivered again (revision 2)');
    for (const body of bodies) {
      expect(body).toMatch(
        /a new delivery, revision 2 ?\. It replaces revision 1, which was delivered on 2014-12-05: /,
      );
      expect(body).toMatch(/The README says: ["“]This is a re-delivery: the flux scale was wrong.["”]/);
      expect(body).toContain('The files, compared by SHA-256: 23 changed, 1 added, 1 removed, 6 unchanged.');
      expect(body).toContain('added p/log/new.log');
      expect(body).toContain('and 24 more');
      expect(body).toContain('changed 2013.1.09999.S_1_of_1.tar');
      expect(body).toContain('removed gone.tar');
      expect(body).toContain('Replace all of them');
      expect(body).toContain('its delivery id is 00000000-1111-4111-8111-111111111111.');
      expect(body).toContain('/deliveries/5f0c1234-0000-4000-8000-000000000000/download.sh?link=');
    }
  });

  it('says so after a withdrawal, and does not refer to the withdrawn delivery', async () => {
    const replaced = await before({ state: 'withdrawn', withdrawn: { at: '2014-12-05T12:00:00.000Z', revision: 2 } });
    const none = { counts: { added: 0, removed: 0, changed: 0 }, files: [] };
    const { bodies } = await mailOf({ delivery: { revision: 3 }, replaces: { delivery: replaced, differences: none } });
    for (const body of bodies) {
      expect(body).toContain('It replaces revision 1, which was delivered on 2014-12-05 and withdrawn on 2014-12-05.');
      expect(body).toContain('All 7 files are identical to those of revision 1, byte for byte.');
      expect(body).toContain('unchanged 2013.1.09999.S_1_of_1.tar');
      expect(body).not.toContain('stays in the archive');
    }
  });
});
