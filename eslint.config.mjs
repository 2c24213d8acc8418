import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'examples/**',
      '.almagest/**',
      '.cache/**',
      'docs/openapi/**',
      'libs/adql/grammar/parser.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Requires no `import type`: of an injected class, it would erase the constructor metadata that Nest needs.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Implementations of async interfaces (ports, Nest life cycle) may be synchronous.
      '@typescript-eslint/require-await': 'off',
      'no-control-regex': 'off',
      // Does not see values that decorators use.
      'no-useless-assignment': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only libs/platform/config reads the environment.' },
      ],
    },
  },
  {
    // jest types its asymmetric matchers (`expect.any`) as any.
    files: ['**/*.spec.ts', '**/*.engine-spec.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off' },
  },
  { files: ['libs/platform/config/**', 'test/**', 'tools/**'], rules: { 'no-restricted-properties': 'off' } },
);
