import { Initial1795414793684 } from './1795414793684-initial';

/** The migrations of the schema `intake`, oldest first. */
export const migrations = [Initial1795414793684];
