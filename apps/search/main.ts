import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { search } from './search.module';

void runService(search);
