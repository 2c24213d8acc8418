import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { type LogContext, withContext } from '../logging/context';

export { SpanKind } from '@opentelemetry/api';

/** What a span is called and what it says besides. */
export interface SpanAbout {
  name: string;
  kind: SpanKind;
  attributes?: Attributes;
}

/** A span under way; `traceparent` makes it the parent of what it causes. */
export interface OpenSpan {
  readonly traceparent: string;
  end(change?: { name?: string; attributes?: Attributes; error?: unknown }): void;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

let tracer: Tracer | undefined;

/** Where spans go from now on; until it is called there are none, and they cost nothing. */
export function traceWith(to: Tracer): void {
  tracer = to;
}

/** Begins a span below the one that `traceparent` names, or a trace of its own; undefined when nobody wants spans. */
export function openSpan(
  { name, kind, attributes = {} }: SpanAbout,
  traceparent: string | undefined,
): OpenSpan | undefined {
  const span = tracer?.startSpan(name, { kind, attributes }, parentOf(traceparent));
  if (span === undefined) return undefined;
  return { traceparent: traceparentOf(span), end: (change) => endSpan(span, change) };
}

/**
 * Runs `work` in a span below the one that the context's `traceparent` names; what it logs, emits and queues bears the
 * span as its parent. Without an exporter it runs in the context as it is.
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
