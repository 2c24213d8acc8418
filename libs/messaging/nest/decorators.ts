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

/** Passes a handler's error on unchanged: the bus decides by it whether to retry. */
@Catch()
class BusErrorFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/** Marks a class whose `@OnEvent` methods handle messages of the bus. */
export const BusConsumer = (): ClassDecorator => applyDecorators(Controller(), UseFilters(BusErrorFilter));

/** Marks a method that handles the events of a contract. It gets the validated data and the BusContext. */
export const OnEvent = (contract: EventContract): MethodDecorator => EventPattern(contract.type) as MethodDecorator;
