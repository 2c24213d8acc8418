/**
 * Imported before anything else by every service: it keeps the heap near to what is alive in it. Left alone, V8 lets
 * garbage pile up to several times that before it clears up, the more memory the machine has the more; a service whose
 * data pass by has nothing of it. It sets no limit: what a large delivery needs, it gets.
 */
import { setFlagsFromString } from 'node:v8';

/** By how much of what is alive the heap may grow until it is cleared up, in percent. */
const GROWTH = 20;

setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
