import { randomBytes } from 'node:crypto';
import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { type LogContext, withContext } from './logging';

export { SpanKind } from '@opentelemetry/api';

/** The name, kind and attributes of a span. */
export interface SpanAbout {
  name: string;
  kind: SpanKind;
  attributes?: Attributes;
}

/** A span that has not ended; `traceparent` makes it the parent of other spans. */
export interface OpenSpan {
  readonly traceparent: string;
  end(change?: { name?: string; attributes?: Attributes; error?: unknown }): void;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

let tracer: Tracer | undefined;
let flush: () => Promise<void> = async () => undefined;

/**
 * Exports the spans of this process over OTLP/HTTP when an endpoint is configured. The SDK is loaded only then, because
 * loading it takes a large part of the start-up time. Headers and time-out come from OpenTelemetry's own variables.
 * @param service the name under which the spans are shown
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
  tracer = provider.getTracer('almagest');
  flush = () => provider.forceFlush();
}

/** Sends the remaining spans. A receiver that does not answer neither blocks for long nor causes a failure. */
export async function flushSpans(): Promise<void> {
  await flush().catch(() => undefined);
}

/** Starts a span with the parent that `traceparent` names, or a new trace; undefined when spans are not exported. */
export function openSpan(
  { name, kind, attributes = {} }: SpanAbout,
  traceparent: string | undefined,
): OpenSpan | undefined {
  const span = tracer?.startSpan(name, { kind, attributes }, parentOf(traceparent));
  if (span === undefined) return undefined;
  return { traceparent: traceparentOf(span), end: (change) => endSpan(span, change) };
}

/**
 * Runs `work` in a span whose parent is the context's `traceparent`; its log lines, events and jobs have the span as
 * their parent. Without an exporter, `work` runs in the context as it is.
 */
export async function inSpan<T>(about: SpanAbout, context: LogContext, work: () => Promise<T>): Promise<T> {
  const span = openSpan(about, context.traceparent);
  if (span === undefined) return withContext(context, work);
  try {
    const result = await withContext({ ...context, traceparent: span.traceparent }, work);
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}

/** Returns a W3C `traceparent`: the given header when it is well formed, else the start of a new trace. */
export function traceparentFrom(header: string | undefined): string {
  if (header !== undefined && TRACEPARENT.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

function endSpan(span: Span, { name, attributes, error }: Parameters<OpenSpan['end']>[0] = {}): void {
  if (name !== undefined) span.updateName(name);
  if (attributes !== undefined) span.setAttributes(attributes);
  if (error !== undefined) {
    span.recordException(error instanceof Error || typeof error === 'string' ? error : 'no Error was thrown');
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

function parentOf(traceparent: string | undefined): typeof ROOT_CONTEXT {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags ?? '00', 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function traceparentOf(span: Span): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
