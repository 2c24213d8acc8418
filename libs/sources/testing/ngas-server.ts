import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';

/** The faults of the next answers of the server. */
export interface NgasFaults {
  /** Bytes of a file after which the connection is closed, once each. */
  cutAfter?: number[];
  /** Makes the checksum in STATUS wrong. */
  wrongChecksum?: true;
  state?: string;
  /** Sent instead of every answer. */
  raw?: string;
}

/**
 * Implements the wire protocol of NGAS 12.0 (HTTP/1.0, no ranges, `NgamsStatus` with DOCTYPE), to fail in ways that a
 * real server cannot be made to fail. The normal behaviour is tested with a real server: test/engines/ngas.
 */
export class FaultyNgas {
  readonly files = new Map<string, Buffer>();
  readonly asked: string[] = [];
  faults: NgasFaults = {};

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FaultyNgas> {
    const server = createServer();
    const ngas = new FaultyNgas(server);
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (head) => ngas.answer(head.toString('latin1'), socket));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return ngas;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(head: string, socket: Socket): void {
    const [, target = ''] = head.split(' ', 2);
    this.asked.push(target);
    if (/^range:/im.test(head)) return this.say(socket, 400, this.status('no ranges', 'FAILURE'));
    if (this.faults.raw !== undefined) return void socket.end(this.faults.raw);
    const url = new URL(target, 'http://ngas');
    const fileId = url.searchParams.get('file_id') ?? '';
    const file = this.files.get(fileId);
    if (file === undefined) {
      const message = `NGAMS_ER_UNAVAIL_FILE:4019:ERROR: File with ID: ${fileId} appears not to be available.`;
      return this.say(socket, 400, this.status(message, 'FAILURE'));
    }
    if (url.pathname === '/STATUS') {
      return this.say(socket, 200, this.status('Successfully handled command STATUS', 'SUCCESS', file));
    }
    this.give(socket, file);
  }

  private give(socket: Socket, file: Buffer): void {
    socket.write(
      `HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n` +
        `Content-Disposition: attachment; filename="file.bin"\r\nContent-Length: ${file.length}\r\n\r\n`,
    );
    const cut = this.faults.cutAfter?.shift();
    if (cut === undefined) socket.end(file);
    else socket.write(file.subarray(0, cut), () => socket.destroy());
  }

  private say(socket: Socket, status: number, xml: string): void {
    const reason = status === 200 ? 'OK' : 'Bad Request';
    socket.end(
      `HTTP/1.0 ${status} ${reason}\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}`,
    );
  }

  private status(message: string, status: string, file?: Buffer): string {
    const { state = 'ONLINE', wrongChecksum } = this.faults;
    const sum = file === undefined ? 0 : crc32(file) ^ (wrongChecksum ? 1 : 0);
    const about =
      file === undefined
        ? ''
        : `<DiskStatus DiskId="1"><FileStatus FileVersion="3" FileSize="${file.length}" Checksum="${sum}" ` +
          `ChecksumPlugIn="ngamsGenCrc32"/></DiskStatus>`;
    return (
      `<?xml version="1.0" ?>\n<!DOCTYPE NgamsStatus SYSTEM "http://${this.host}/RETRIEVE?internal=ngamsStatus.dtd">\n` +
      `<NgamsStatus>\n  <Status Message="${message}" Status="${status}" State="${state}" SubState="IDLE"/>${about}\n</NgamsStatus>`
    );
  }
}
