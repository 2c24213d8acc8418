/**
 * Every service imports this module first: it keeps the heap close to the size of the live objects. By default, V8 lets
 * garbage grow to several times that size before it collects, more so on machines with much memory; a service that
 * streams its data gains nothing from that. It sets no limit, so a large delivery still gets the memory it needs.
 */
import { setFlagsFromString } from 'node:v8';

/** Growth of the heap before the next collection, in percent of the live objects. */
const GROWTH_PERCENT = 20;

setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
