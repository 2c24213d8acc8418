import { packPart, type PlannedPart } from '@almagest/tar';
import { FileSource } from './file.source';
import { HttpsSource } from './https.source';
import { S3Source, type S3SourceOptions } from './s3.source';
import type { Source } from './source';

/** Where this archive may read from. */
export interface SourcePolicy {
  roots: readonly string[];
  hosts: readonly string[];
  s3: S3SourceOptions | null;
}

/** Opens locations of QA2 results, inside what the configuration allows and nowhere else. */
export class Sources {
  constructor(readonly policy: SourcePolicy) {}

  /** The source of `size` bytes behind a location; what is not allowed is found out when it is opened. */
  at(location: string, size: number): Source {
    const { roots, hosts, s3 } = this.policy;
    if (location.startsWith('file:')) return new FileSource(location, roots);
    return location.startsWith('s3:') ? new S3Source(location, s3) : new HttpsSource(location, size, { hosts });
  }

  /** A part of an unpacked tree, packed while it is read. */
  packed(part: PlannedPart): Source {
    return { open: () => packPart(part) };
  }
}
