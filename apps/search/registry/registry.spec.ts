import { z } from 'zod';
import { SearchConfig, searchVariables } from '../search.config';
import { oaiDocument, type Repository } from './oai';
import { registryRecords } from './records';
import { RegistrySettings } from './registry.config';

const UPDATED = '2026-11-30T12:00:00Z';
const NOW = new Date('2026-12-01T00:00:00.500Z');
const SEARCH = new SearchConfig(z.object(searchVariables).parse({}), 'https://archive.example');
const REGISTRY = { authority: 'archive.example', publisher: 'Almagest & Co', contact: 'archive@example.org' };
const REPOSITORY: Repository = {
  name: 'Registry of Almagest',
  url: 'https://archive.example/oai',
  contact: REGISTRY.contact,
  records: registryRecords(REGISTRY, SEARCH, UPDATED),
  updated: UPDATED,
};

const answer = (query: string): string => oaiDocument([...new URLSearchParams(query)], REPOSITORY, NOW);
const count = (text: string, part: string): number => text.split(part).length - 1;

describe('the registry', () => {
  it('describes itself, its formats and its set', () => {
    const identified = answer('verb=Identify');
    expect(identified).toContain('<responseDate>2026-12-01T00:00:00Z</responseDate>');
    expect(identified).toContain('<request verb="Identify">https://archive.example/oai</request>');
    expect(identified).toContain('<adminEmail>archive@example.org</adminEmail>');
    expect(identified).toContain('xsi:type="vg:Registry"');
    expect(count(answer('verb=ListMetadataFormats'), '<metadataFormat>')).toBe(2);
    expect(count(answer('verb=ListMetadataFormats&identifier=ivo://archive.example'), '<metadataFormat>')).toBe(2);
    expect(answer('verb=ListSets')).toContain('<setSpec>ivo_managed</setSpec>');
  });

  it('lists its records, as VOResource and as Dublin Core', () => {
    const list = 'verb=ListRecords&set=ivo_managed&from=2026-11-01&until=2026-11-30';
    const listed = answer(`${list}&metadataPrefix=ivo_vor`);
    expect(count(listed, '<ri:Resource')).toBe(4);
    expect(listed).toContain('<publisher ivo-id="ivo://archive.example/organisation">Almagest &amp; Co</publisher>');
    expect(count(answer(`${list}&metadataPrefix=oai_dc`), '<oai_dc:dc')).toBe(4);
    const named = answer('verb=ListIdentifiers&metadataPrefix=ivo_vor&from=2026-11-30T12:00:00Z');
    expect(named.match(/<identifier>[^<]*/g)).toEqual([
      '<identifier>ivo://archive.example/archive',
      '<identifier>ivo://archive.example/registry',
      '<identifier>ivo://archive.example',
      '<identifier>ivo://archive.example/organisation',
    ]);
  });

  it('has the services of the archive in one record', () => {
    const record = answer('verb=GetRecord&metadataPrefix=ivo_vor&identifier=IVO://archive.example/ARCHIVE');
    for (const standard of ['TAP', 'SIA#query-2.0', 'ConeSearch', 'DataLink#links-1.1', 'SODA#sync-1.0']) {
      expect(record).toContain(`standardID="ivo://ivoa.net/std/${standard}"`);
    }
    expect(count(record, '<record>')).toBe(1);
    expect(record).toContain('https://archive.example/moc</footprint>');
  });

  it.each([
    ['', 'badVerb'],
    ['verb=toString', 'badVerb'],
    ['verb=Identify&verb=Identify', 'badVerb'],
    ['verb=Identify&set=x', 'badArgument'],
    ['verb=GetRecord&metadataPrefix=ivo_vor', 'badArgument'],
    ['verb=ListRecords', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=a&metadataPrefix=b', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=ivo_vor&from=yesterday', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=ivo_vor&from=2026-13-01', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=ivo_vor&from=2026-02-01&until=2026-01-01', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=ivo_vor&from=2026-01-01&until=2026-02-01T00:00:00Z', 'badArgument'],
    ['verb=ListRecords&metadataPrefix=ivo_vor&resumptionToken=x', 'badArgument'],
    ['verb=ListRecords&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListSets&resumptionToken=x', 'badResumptionToken'],
    ['verb=ListRecords&metadataPrefix=marc', 'cannotDisseminateFormat'],
    ['verb=ListIdentifiers&metadataPrefix=constructor', 'cannotDisseminateFormat'],
    ['verb=ListRecords&metadataPrefix=oai_dc&from=2026-12-01', 'noRecordsMatch'],
    ['verb=ListRecords&metadataPrefix=oai_dc&set=other', 'noRecordsMatch'],
    ['verb=GetRecord&metadataPrefix=oai_dc&identifier=ivo://other/x', 'idDoesNotExist'],
    ['verb=ListMetadataFormats&identifier=ivo://other/x', 'idDoesNotExist'],
  ])('answers %s with %s', (query, code) => {
    const text = answer(query);
    expect(text).toContain(`<error code="${code}">`);
    expect(text.includes('<request>')).toBe(['badVerb', 'badArgument'].includes(code));
  });

  it('says what is missing in the configuration', () => {
    const settings = new RegistrySettings({ REGISTRY_AUTHORITY: 'archive.example' });
    expect(() => settings.registry()).toThrow('lacks REGISTRY_PUBLISHER, REGISTRY_CONTACT');
    const all = { REGISTRY_AUTHORITY: 'a.b', REGISTRY_PUBLISHER: 'P', REGISTRY_CONTACT: 'p@example.org' };
    expect(new RegistrySettings(all).registry()).toEqual({
      authority: 'a.b',
      publisher: 'P',
      contact: 'p@example.org',
    });
  });
});
