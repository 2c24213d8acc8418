import { isListening } from './standalone-process';

it.each([
  ['Almagest listens on http://127.0.0.1:8080\n  service token  x\n', true],
  ['a warning\nAlmagest listens on http://127.0.0.1:8080\n', true],
  ['Almagest is stopping ...\n', false],
])('recognises in %j whether an archive listens', (text, listens) => {
  expect(isListening(text)).toBe(listens);
});
