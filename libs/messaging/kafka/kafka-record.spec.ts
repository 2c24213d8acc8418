import { deliveryCatalogued, qa2ResultPosted } from '@almagest/contracts';
import { newGroup, newMessage } from '../testing/test-bus';
import { jsonbText } from '../postgres/bus-tables';
import { type KafkaRecord, nameOfPlace, readRecord, toRecord } from './kafka-record';

const place = { topic: qa2ResultPosted.topic, partition: 3, offset: '42', timestamp: '1417769460000' };

function recordOf(value: string | Buffer | null, more: Partial<KafkaRecord> = {}): KafkaRecord {
  return { place, key: null, value: value === null ? null : Buffer.from(value), ...more };
}

describe('a Kafka record', () => {
  it('converts a message and back', () => {
    const message = newMessage(newGroup());
    const { key, value, headers } = toRecord(message);
    const there = { ...place, topic: message.topic };
    expect(readRecord({ place: there, key: Buffer.from(key), value: Buffer.from(value), headers }, '')).toEqual(
      message,
    );
  });

  it('gets defaults for attributes that an external publisher omits', () => {
    expect(readRecord(recordOf('{"project":"x"}'), '')).toEqual({
      id: 'almagest.qa2-results.v1/3/42/1417769460000',
      type: qa2ResultPosted.type,
      topic: qa2ResultPosted.topic,
      key: '',
      subject: '',
      source: '',
      time: '2014-12-05T08:51:00.000Z',
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      data: { project: 'x' },
    });
  });

  it('may have NUL in its key, which no database stores', () => {
    expect(readRecord(recordOf('{"project":"x"}', { key: Buffer.from('\0k') }), '')).toMatchObject({ key: '\ufffdk' });
  });

  it('has the topic without the prefix', () => {
    const record = recordOf('{"project":"x"}', { place: { ...place, topic: `test-${place.topic}` } });
    expect(readRecord(record, 'test-')).toMatchObject({
      topic: qa2ResultPosted.topic,
      type: qa2ResultPosted.type,
      id: `test-${nameOfPlace(place)}`,
    });
    expect(readRecord(recordOf('?', record), 'test-')).toMatchObject({ topic: qa2ResultPosted.topic });
  });

  it('gets no type on a topic that has several', () => {
    const record = recordOf('{"a":1}', { place: { ...place, topic: deliveryCatalogued.topic } });
    expect(readRecord(record, '')).toEqual({ a: 1 });
  });

  it('replaces an invalid trace', () => {
    const read = readRecord(recordOf('{}', { headers: { traceparent: '00-zz' } }), '') as { traceparent: string };
    expect(read.traceparent).toMatch(/^00-[0-9a-f]{32}-/);
  });

  it.each([
    ['invalid JSON', Buffer.from([0xff, 0x00])],
    ['nothing', null],
    ['deeply nested brackets', '['.repeat(100_000) + ']'.repeat(100_000)],
  ])('is returned as it was received when it contains %s', (_, value) => {
    const expected = value === null ? null : Buffer.from(value).toString('base64');
    expect(readRecord(recordOf(value, { key: Buffer.from('k') }), '')).toEqual({
      topic: place.topic,
      headers: {},
      base64: { key: Buffer.from('k').toString('base64'), value: expected },
    });
  });

  it('does not count brackets within strings', () => {
    const data = { text: `\\"${'['.repeat(500)}` };
    expect(readRecord(recordOf(JSON.stringify(data)), '')).toMatchObject({ data });
  });
});

it('writes JSON that jsonb accepts, and changes nothing else', () => {
  const text = jsonbText({ nul: 'a\0b', half: '\ud800', pair: '\u{1f52d}', escaped: '\\u0000 \\\\u0000', line: 'a\n' });
  expect(JSON.parse(text)).toEqual({
    nul: 'a\ufffdb',
    half: '\ufffd',
    pair: '\u{1f52d}',
    escaped: '\\u0000 \\\\u0000',
    line: 'a\n',
  });
});
