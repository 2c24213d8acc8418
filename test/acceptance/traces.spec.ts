import { ousOf } from '@almagest/contracts';
import { Archive } from './harness/archive';
import { IS_SEPARATE } from './harness/built';
import { memberResult } from './harness/posting';
import { newProject } from './harness/project';
import { sampleResult } from './harness/sample';
import { TraceReceiver } from './harness/trace-receiver';
import { waitFor } from '../harness/wait-for';

const TYPE = 'org.almaobservatory.almagest';
const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };

describe('a trace', () => {
  let archive: Archive;
  let receiver: TraceReceiver;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    archive = await Archive.start({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint } });
  });
  afterAll(async () => {
    await archive.remove();
    await receiver.stop();
  });

  it('connects the caller, the POST, every service in between and the mail', async () => {
    const project = newProject('12m');
    const result = await memberResult(archive.inbox, project, project.members[0]);
    const response = await archive.client.request('/qa2-results', {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${CALLER.trace}-${CALLER.span}-01` },
      body: JSON.stringify(result),
    });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as { id: string };
    expect((await archive.client.settled(id)).state).toBe('notified');
    const mail = await waitFor('the span of a mail with all above it', async () =>
      receiver.spans.find((span) => span.name === 'mail' && receiver.lineOf(span).at(-1)?.name === 'POST /qa2-results'),
    );
    const line = receiver.lineOf(mail).reverse();
    expect(line.map(({ name }) => name)).toEqual([
      'POST /qa2-results',
      `publish ${TYPE}.Qa2ResultAccepted`,
      `handle ${TYPE}.Qa2ResultAccepted`,
      'ingest',
      `publish ${TYPE}.DeliveryStored`,
      `handle ${TYPE}.DeliveryStored`,
      `publish ${TYPE}.DeliveryCatalogued`,
      `handle ${TYPE}.DeliveryCatalogued`,
      'mail',
    ]);
    expect(new Set(line.map(({ traceId }) => traceId))).toEqual(new Set([CALLER.trace]));
    expect(line[0]?.parentSpanId).toBe(CALLER.span);
    const services = new Set(line.map(({ service }) => service));
    expect([...services]).toEqual(
      IS_SEPARATE
        ? ['almagest-intake', 'almagest-ingest', 'almagest-catalogue', 'almagest-notifier']
        : ['almagest-standalone'],
    );
  });

  it('connects the request for raw data, their staging and the mail', async () => {
    const result = sampleResult('member7m');
    await archive.client.deliver(result);
    const response = await archive.client.request('/raw-requests', {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${CALLER.trace}-${CALLER.span}-01` },
      body: JSON.stringify({
        ous: ousOf(result),
        notify: { name: 'Henrietta Leavitt', email: 'hleavitt@example.org' },
      }),
    });
    expect(response.status).toBe(202);
    const mail = await waitFor('the span of the mail about them', async () =>
      receiver.spans.find(
        (span) => span.name === 'mail' && receiver.lineOf(span).at(-1)?.name === 'POST /raw-requests',
      ),
    );
    expect(receiver.lineOf(mail).map(({ name }) => name)).toEqual([
      'mail',
      `handle ${TYPE}.RawDataStaged`,
      `publish ${TYPE}.RawDataStaged`,
      'stage',
      'POST /raw-requests',
    ]);
  });
});
