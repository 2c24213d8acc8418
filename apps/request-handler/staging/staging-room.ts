import { statfs } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';
import { RequestHandlerConfig } from '../request-handler.config';
import { AsdmError } from './asdm.error';

/** Looks, before an ASDM is read, whether it will fit. While it is stored the store itself watches over its room. */
@Injectable()
export class StagingRoom {
  constructor(private readonly config: RequestHandlerConfig) {}

  /** @throws AsdmError `raw.no-room`; an S3 bucket does not tell its room */
  async mustHold(bytes: number): Promise<void> {
    const { directory, minFreeBytes } = this.config.settings;
    if (directory === '') return;
    const { bavail, bsize } = await statfs(directory);
    if (bytes + minFreeBytes <= bavail * bsize) return;
    throw new AsdmError(
      'raw.no-room',
      'the staging area is full',
      `${bytes} bytes to stage and ${minFreeBytes} to stay free`,
      `${bavail * bsize} bytes free`,
    );
  }
}
