import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { requestHandler } from './request-handler.module';

void runService(requestHandler);
