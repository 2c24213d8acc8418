import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'examples/**', '.almagest/**', '.cache/**'] },
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
      // An `import type` of an injected class erases Nest's constructor metadata, so it is never asked for.
      '@typescript-eslint/consistent-type-imports': 'off',
      // Interfaces with async signatures (ports, Nest life cycle) are implemented by synchronous bodies too.
      '@typescript-eslint/require-await': 'off',
      'no-control-regex': 'off',
      // Does not see what decorators use.
      'no-useless-assignment': 'off',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Configuration is read once, in libs/platform/config.' },
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
