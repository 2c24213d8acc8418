import { errorDocument } from '@almagest/votable';
import { Catch } from '@nestjs/common';
import { CONE_TYPE } from './cone-query';
import { VoErrorFilter } from '../tap/vo-error.filter';

/** Says an error as the clients of cone searches look for it (SCS 1.03, 2.3), and as DALI does. */
@Catch()
export class ConeErrorFilter extends VoErrorFilter {
  protected override readonly mediaType: string = CONE_TYPE;

  protected override document(_status: number, message: string): string {
    return errorDocument(message, 'Error');
  }
}
