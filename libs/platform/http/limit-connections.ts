import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Counter } from 'prom-client';
import type { z } from 'zod';
import type { httpLimitVariables } from '../config/variables';
import { metricsRegistry } from './metrics';

const ended = new Counter({
  name: 'almagest_http_connections_ended_total',
  help: 'Connections that were ended: the client stalled, or there were too many',
  labelNames: ['reason'],
  registers: [metricsRegistry],
});

/**
 * Ends connections that make no progress, such as those of clients that do not read an answer, and refuses connections
 * above a number. What the operating system keeps for a stalled client is dropped too.
 */
export function limitConnections(
  server: Server,
  { HTTP_MAX_CONNECTIONS, HTTP_STALL_SECONDS }: Readonly<z.infer<z.ZodObject<typeof httpLimitVariables>>>,
): void {
  server.maxConnections = HTTP_MAX_CONNECTIONS;
  server.on('drop', () => ended.inc({ reason: 'too-many' }));
  // A write that is pending counts as progress only if some of its bytes were taken since the last check.
  server.setTimeout(HTTP_STALL_SECONDS * 1000, (socket: Socket) => {
    ended.inc({ reason: 'stalled' });
    socket.resetAndDestroy();
  });
}
