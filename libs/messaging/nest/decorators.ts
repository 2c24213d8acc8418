import type { EventContract } from '@almagest/contracts';
import {
  applyDecorators,
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  UseFilters,
} from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { type Observable, throwError } from 'rxjs';

/** Passes a handler's error on as it is: the bus decides by it whether to try again. */
@Catch()
class BusErrorFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** A class whose `@OnEvent` methods read the bus. */
export const BusConsumer = (): ClassDecorator => applyDecorators(Controller(), UseFilters(BusErrorFilter));

/** Reads the events of a contract; the method gets the checked data and the BusContext. */
export const OnEvent = (contract: EventContract): MethodDecorator => EventPattern(contract.type) as MethodDecorator;
