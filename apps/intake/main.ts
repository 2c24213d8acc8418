import '@almagest/platform/small-heap';
import 'reflect-metadata';
import { runService } from '@almagest/service';
import { intake } from './intake.module';

void runService(intake);
