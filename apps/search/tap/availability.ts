import { ReadinessChecks } from '@almagest/platform';
import { element, XML_DECLARATION } from '@almagest/votable';
import { Injectable } from '@nestjs/common';

/** The media type of the documents of VOSI. */
export const XML = 'application/xml; charset=utf-8';

/** Says whether the services of the VO are available (VOSI 1.1, 5). They share a process, and so an answer. */
@Injectable()
export class Availability {
  private readonly since = new Date();

  constructor(private readonly readiness: ReadinessChecks) {}

  async document(): Promise<string> {
    const { ready, checks } = await this.readiness.run();
    const failed = Object.entries(checks).filter(([, state]) => state !== 'ok');
    return (
      XML_DECLARATION +
      '<vosi:availability xmlns:vosi="http://www.ivoa.net/xml/VOSIAvailability/v1.0">\n' +
      element('vosi:available', String(ready)) +
      element('vosi:upSince', this.since.toISOString()) +
      failed.map(([name]) => element('vosi:note', `${name} is not available`)).join('') +
      '\n</vosi:availability>\n'
    );
  }
}
