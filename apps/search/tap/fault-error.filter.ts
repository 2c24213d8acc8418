import { errorDocument } from '@almagest/votable';
import { Catch } from '@nestjs/common';
import { VoErrorFilter } from './vo-error.filter';

/** Begins the message of an error with its kind, as SIA and DataLink have them (SIA 2.0, 3.2; DataLink 1.1, 3.4). */
@Catch()
export class FaultErrorFilter extends VoErrorFilter {
  protected override document(status: number, message: string): string {
    const kind = status < 500 ? 'UsageFault' : status === 503 ? 'TransientFault' : 'FatalFault';
    return errorDocument(`${kind}: ${message}`);
  }
}
