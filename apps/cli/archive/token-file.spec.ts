import { tokenIn } from './token-file';

it.each([
  ['a token alone', 'secret-token\n', 'secret-token'],
  ['a line as the archive keeps it', '# name scope token\nstandalone archive:read abc\n', 'abc'],
  ['the first of several', '\na qa2:submit one\nb archive:read two\n', 'one'],
  ['Windows line ends', 'secret-token\r\n', 'secret-token'],
])('finds %s', (_title, text, token) => {
  expect(tokenIn(text)).toBe(token);
});

it.each([
  ['nothing', ''],
  ['only comments', '# a\n#b\n'],
  ['prose', 'this is no token at all'],
  ['what cannot stand in a header', 'tökèn\n'],
])('finds no token in %s', (_title, text) => {
  expect(tokenIn(text)).toBeNull();
});
