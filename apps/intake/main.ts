import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/platform';
import { intake } from './intake.module';

void runService(intake);
