// The dependency lines of docs/architecture.md are held here: a folder may import only what its row allows.
import tseslint from 'typescript-eslint';
import prettier from 'eslint-config-prettier';

/** Effects live in src/host alone. */
const effects = ['node:*', 'execa', 'netlink', 'netlink/**', 'chokidar', 'systemd-notify'];

const forbid = (groups, message) => ({ group: groups, message });

/** @param {string[]} files @param {{group: string[], message: string}[]} patterns */
const line = (files, patterns) => ({
  files,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});

/** The time of day is set by others: durations go by `ticks`, and src/host/clock.ts alone asks for it. */
const timeOfDay = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Durations go by Clock.ticks(); the time of day is Clock.now().',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
    message: 'The time of day is Clock.now() (src/host/clock.ts).',
  },
  {
    selector:
      "BinaryExpression[operator=/^[-<>]/] CallExpression[callee.property.name='now'][callee.object.name!='performance']",
    message:
      'The time of day is no measure: count and compare with ticks(), tell with timeOfDay() (src/host/clock.ts).',
  },
];

/** A package that is upgraded takes its files away from a program that runs: what that will need, it loads before its first step. */
const lateImport = {
  selector: 'ImportExpression',
  message: 'All that a command needs is loaded before it acts (src/cli/command.ts).',
};

/** A title names condition and result: "a deleted guard rule is restored" (CONTRIBUTING.md). */
const titles = {
  selector:
    ':matches(CallExpression[callee.name=/^(test|describe)$/], CallExpression[callee.callee.object.name=/^(test|describe)$/]) > ' +
    'Literal.arguments[value=/^(one|another|there|what|who|whoever|it|its|that|those|these|they)\\b/i]',
  message: 'The title of a test names condition and result: "a deleted guard rule is restored".',
};

/** Identifiers are terms of the field and nouns of the glossary (docs/architecture.md). */
const terms = ['error', 'said', 'told', 'whole', 'strange', 'stranger', 'strangers', 'mine', 'deed', 'Said', 'Told'];

const noEffects = forbid(effects, 'Only src/host performs effects; take a Host instead.');
const folders = ['config', 'model', 'resources', 'engine', 'host', 'status', 'leak-check', 'cli', 'daemon', 'log'];
const only = (...allowed) =>
  forbid(
    folders.filter((f) => !allowed.includes(f)).flatMap((f) => [`**/${f}/*`, `**/${f}/**`]),
    `This folder may import only: net, ${allowed.join(', ') || 'nothing else'} (docs/architecture.md).`,
  );

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', '.cache/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 250, skipBlankLines: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    // the types of what a state file says are inferred from there
    ignores: ['src/config/schema/**'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/host/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...timeOfDay, lateImport] },
  },
  {
    files: ['src/host/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', lateImport] },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['src/main.ts', 'src/cli/commands/*.ts', 'src/cli/create-session.ts', 'src/cli/create-context.ts'],
    rules: { 'no-restricted-syntax': ['error', ...timeOfDay] },
  },
  line(['src/net/**/*.ts'], [noEffects, only()]),
  line(['src/model/**/*.ts'], [noEffects, only('model')]),
  line(['src/config/**/*.ts'], [noEffects, only('model', 'config', 'host')]),
  line(['src/engine/**/*.ts'], [noEffects, only('engine', 'model', 'host')]),
  line(
    ['src/resources/*/*.ts'],
    [
      noEffects,
      only('engine', 'model', 'host'),
      forbid(['../*/*', '!../../**'], 'One resource never imports another.'),
    ],
  ),
  line(['src/resources/*.ts'], [noEffects, only('resources', 'engine', 'model', 'host')]),
  line(['src/host/**/*.ts'], [only('host')]),
  line(
    ['src/daemon/**/*.ts'],
    [noEffects, only('daemon', 'log', 'status', 'leak-check', 'resources', 'engine', 'config', 'model', 'host')],
  ),
  line(['src/log/**/*.ts'], [noEffects, only('log', 'daemon', 'engine', 'config', 'model', 'host')]),
  line(['src/status/**/*.ts'], [noEffects, only('status', 'engine', 'model', 'host', 'resources')]),
  line(['src/leak-check/**/*.ts'], [noEffects, only('leak-check', 'engine', 'model', 'host')]),
  line(
    ['src/cli/**/*.ts', 'src/main.ts'],
    [forbid(['execa', 'netlink', 'netlink/**'], 'Only src/host performs effects.')],
  ),
  line(
    ['src/cli/commands/*.ts'],
    [
      forbid(
        ['../*', '../*/**', '../../**', '!../command.ts', '!../options.ts', '!../duration.ts'],
        'A command has its words here, and what it does in actions/, which is loaded when it was typed.',
      ),
    ],
  ),
  {
    files: ['src/engine/**/*.ts', 'src/resources/**/*.ts', 'src/config/**/*.ts', 'src/model/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'fetch', 'setInterval'],
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-restricted-syntax': ['error', titles] } },
  { files: ['src/{cli,log,net,status}/**/*.ts', 'test/**/*.ts'], rules: { 'id-denylist': terms } },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  prettier,
);
