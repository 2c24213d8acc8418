import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { limitConnections } from './limit-connections';

/** More than the operating system keeps for a connection. */
const MUCH = 64 * 1024 * 1024;

describe('limitConnections', () => {
  const servers: Server[] = [];
  const clients: Socket[] = [];
  afterEach(() => {
    clients.splice(0).forEach((client) => client.destroy());
    servers.splice(0).forEach((server) => server.close().closeAllConnections());
  });

  async function serve(listener: RequestListener, most = 10): Promise<Server> {
    const server = createServer(listener);
    servers.push(server);
    limitConnections(server, { HTTP_MAX_CONNECTIONS: most, HTTP_STALL_SECONDS: 1 });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  async function client(server: Server): Promise<Socket> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    clients.push(socket);
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    return socket;
  }

  it('ends the connection of a client that does not read its answer', async () => {
    const closed = new Promise((resolve) => {
      void serve((_, response) => {
        response.on('close', resolve);
        response.end(Buffer.alloc(MUCH));
      }).then(client);
    });
    await closed;
    const [socket] = clients;
    let read = 0;
    socket?.on('data', (bytes) => (read += bytes.length));
    await once(socket as Socket, 'close');
    expect(read).toBeLessThan(MUCH);
  });

  it('sends everything to a client that reads slowly', async () => {
    const server = await serve((_, response) => response.end(Buffer.alloc(MUCH)));
    const socket = await client(server);
    let read = 0;
    socket.on('data', (bytes) => {
      read += bytes.length;
      socket.pause();
      // In all, longer than a client may stall.
      setTimeout(() => socket.resume(), bytes.length / 20_000);
    });
    while (read < MUCH) await once(socket, 'data');
  });

  it('refuses connections above a number', async () => {
    const server = await serve((_, response) => response.write('a beginning'), 2);
    await Promise.all([client(server), client(server)].map(async (socket) => once(await socket, 'data')));
    const third = await client(server);
    third.resume();
    await once(third, 'close');
  });
});
