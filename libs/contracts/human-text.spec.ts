import { parseInput } from './parse-input';
import { humanText } from './human-text';

const faults = (text: string): string[] =>
  parseInput(humanText, text).error?.issues.map(({ message }) => message) ?? [];

it.each(['Vera Rubin', '花子', 'José Ferrer', 'Jose\u0301', 'شهین می\u200cخواهم', '👩🏽\u200d🚀'])(
  'accepts the text %j',
  (text) => {
    expect(faults(text)).toEqual([]);
  },
);

it.each([
  ['', 'must not be empty'],
  ['Vera\nRubin', 'control characters are not allowed'],
  ['Vera \u202enibuR', 'the invisible character U+202E is not allowed'],
  ['Vera\u200bRubin', 'the invisible character U+200B is not allowed'],
  ['Vera\u2028Rubin', 'the invisible character U+2028 is not allowed'],
  ['Vera \ufeffRubin', 'the invisible character U+FEFF is not allowed'],
])('refuses the text %j', (text, fault) => {
  expect(faults(text)).toEqual([fault]);
});
