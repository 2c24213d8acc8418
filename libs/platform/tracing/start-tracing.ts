import { traceWith } from './spans';

let flush: () => Promise<void> = async () => undefined;

/**
 * Exports the spans of this process over OTLP/HTTP when an endpoint is configured. The SDK is loaded only then: it would
 * cost every start a good part of its time. Headers and time-out come from the variables OpenTelemetry defines.
 * @param service the name the spans are shown under
 * @param endpoint base URL of an OTLP/HTTP receiver; undefined: no spans
 */
export async function startTracing(service: string, endpoint: string | undefined): Promise<void> {
  if (endpoint === undefined) return;
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `almagest-${service}`, 'service.namespace': 'almagest' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  traceWith(provider.getTracer('almagest'));
  flush = () => provider.forceFlush();
}

/** Sends what has not been sent yet; a receiver that is away is not waited for long, and nothing fails for it. */
export async function flushSpans(): Promise<void> {
  await flush().catch(() => undefined);
}
