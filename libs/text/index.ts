/** Text for people: sizes, durations and dates, line folding, and output that is safe on a terminal. Pure. */
export { downloadScript, type ScriptFile } from './download-script';
export { count, elapsed, humanSize, instant, shortList } from './measures';
export { printable, printableLines, unsafeCharacter } from './printable';
export { shellQuote, shellWord } from './shell';
export { clip, padEnd, padStart, textWidth, wrap } from './width';
