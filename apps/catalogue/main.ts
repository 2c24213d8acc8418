import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { catalogue } from './catalogue.module';

void runService(catalogue);
