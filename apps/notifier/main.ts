import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { notifier } from './notifier.module';

void runService(notifier);
