import svelte from 'eslint-plugin-svelte'
import globals from 'globals'
import { defineConfig, globalIgnores, includeIgnoreFile } from 'eslint/config'
import { fileURLToPath } from 'node:url'
import tseslint from 'typescript-eslint'
import exportRules from './eslint/exports.js'
import layers from './eslint/layers.js'
import svelteConfig from './svelte.config.js'

export default defineConfig(
  includeIgnoreFile(fileURLToPath(new URL('.gitignore', import.meta.url))),
  globalIgnores(['static/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,js,mjs,svelte}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { tandem: { rules: { ...layers.rules, ...exportRules.rules } } },
    languageOptions: {
      globals: { ...globals.es2024 },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'tandem/directions': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // It asks for `!`, which says nothing of what is expected.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: false },
      ],
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    // A file holds one concept, and a function fits on a screen. Generated code counts neither.
    files: ['**/*.{ts,js,mjs,svelte}'],
    ignores: ['**/*_pb.ts'],
    rules: { 'max-lines': ['error', 400] },
  },
  {
    // In tests, a function holds a group of them.
    files: ['{src,scripts,eslint}/**/*.{ts,js,mjs,svelte}'],
    ignores: ['**/*.test.{ts,js,mjs}', '**/*_pb.ts'],
    rules: { 'max-lines-per-function': ['error', 40] },
  },
  {
    files: ['src/**/*.ts'],
    // Generated, called by SvelteKit, or read by scripts under their path.
    ignores: [
      '**/*.test.ts',
      '**/*_pb.ts',
      '**/*.d.ts',
      'src/routes/**',
      'src/cli/*.ts',
      'src/cli/lab/lab.ts',
    ],
    rules: { 'tandem/documented': 'error', 'tandem/used': 'error' },
  },
  {
    // The core runs in workers and in Node: what exists in only one of them is injected.
    files: ['src/lib/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['window', 'document', 'localStorage', 'sessionStorage', 'indexedDB', 'process'].map((name) => ({
          name,
          message: 'The core runs in workers and in Node: have it injected.',
        })),
        { name: 'fetch', message: 'The core loads nothing by itself: have a loader injected.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Runs repeat from their seed: use core/util/random.' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts', '**/*.svelte.js'],
    extends: [svelte.configs.recommended],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        projectService: true,
        extraFileExtensions: ['.svelte'],
        parser: tseslint.parser,
        svelteConfig,
      },
    },
    rules: {
      'svelte/no-at-html-tags': 'error',
      'svelte/no-navigation-without-resolve': 'error',
      // Series, lookups and caches are raw on purpose: a reactive collection would track every entry.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // The parser sees components' props as `any`; svelte-check knows their types and checks them.
    files: ['**/*.svelte'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((name) => [
        `@typescript-eslint/no-unsafe-${name}`,
        'off',
      ]),
    ),
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { ...globals.node } },
    rules: { 'no-undef': 'error' },
  },
  {
    // Functions handed to the page stand in the same file.
    files: ['tests/**/*.mjs'],
    languageOptions: { globals: { ...globals.browser } },
  },
)
