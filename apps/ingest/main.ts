import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { ingest } from './ingest.module';

void runService(ingest);
