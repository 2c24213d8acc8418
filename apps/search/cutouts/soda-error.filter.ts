import { CHALLENGES } from '@almagest/access';
import { Catch } from '@nestjs/common';
import { VoErrorFilter } from '../tap/vo-error.filter';
import { MULTIVALUED } from './cutout-request';

/** Translates an error of a SODA request into text that begins with the name of its kind (SODA 1.0, 5.2). */
@Catch()
export class SodaErrorFilter extends VoErrorFilter {
  protected override readonly mediaType: string = 'text/plain';
  protected override readonly challenges: readonly string[] = CHALLENGES;

  protected override document(status: number, message: string, code: string | undefined): string {
    return `${kindOf(status, code)}: ${message}\n`;
  }
}

function kindOf(status: number, code: string | undefined): string {
  if (code === MULTIVALUED) return 'MultiValuedParamNotSupported';
  if (code === 'auth.not-visible') return 'AuthorizationError';
  if (status === 401) return 'AuthenticationError';
  if (status === 503) return 'ServiceUnavailable';
  return status < 500 ? 'UsageError' : 'Error';
}
