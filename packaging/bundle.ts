// Bundles src/main.ts and its imports as ES modules: wgospf.mjs, and in lib/ the code that a command loads when it was typed. Returns
// which npm packages are inside. Writes nothing.
import { isBuiltin } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  /** by their names in dist/; names in lib/ contain a hash of the content, so no file is ever of two builds */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** folders of the npm packages that have code inside, relative to the checkout, sorted */
  readonly packages: readonly string[];
}

/** node-gyp-build looks for its addon beside the package's own files, which a bundle does not have; ours is beside lib/. */
const addonBesideBundle: esbuild.Plugin = {
  name: 'addon-beside-bundle',
  setup(build) {
    build.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'addon' }));
    build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
      // the path in a variable: esbuild would resolve a literal
      contents: `const path = '../prebuilds/' + process.platform + '-' + process.arch + '/node.napi.node';
        module.exports = () => require(path);`,
    }));
  },
};

/**
 * Node's own modules are loaded by `require`. An import would read all exports of a module, and so run its getters: that
 * of `node:fs` loads its streams, that of `node:http` a second HTTP client (lib/internal/bootstrap/realm.js, getESMFacade).
 */
const builtinsAsNeeded: esbuild.Plugin = {
  name: 'builtins-as-needed',
  setup(build) {
    build.onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** zod's messages in other languages, which are never shown: a fifth of all code. English stays. */
const englishAlone: esbuild.Plugin = {
  name: 'english-alone',
  setup(build) {
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** The program prints the version of its package.json. */
const otherVersion = (version: string): esbuild.Plugin => ({
  name: 'other-version',
  setup(build) {
    build.onLoad({ filter: /^.*\/package\.json$/ }, ({ path }) =>
      path === `${root}package.json` ? { contents: JSON.stringify({ version }), loader: 'json' } : undefined,
    );
  },
});

/** `node_modules/a`, `node_modules/a/node_modules/@b/c`: the path up to the name that follows the last node_modules. */
export function packageFolders(metafile: esbuild.Metafile): string[] {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** esbuild's options for all our bundles. */
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // bundled CommonJS packages call require and read __dirname, which an ES module does not have
  banner: { js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);" },
  define: { __dirname: 'import.meta.dirname' },
  // so the names of packages are the same if node_modules is a link to another checkout's
  preserveSymlinks: true,
  logLevel: 'warning',
  write: false,
} as const satisfies esbuild.BuildOptions;

const plugins: readonly esbuild.Plugin[] = [addonBesideBundle, builtinsAsNeeded, englishAlone];

/** A test program in one file, which runs in the package's lib/. */
export async function makeProgram(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({ ...options, entryPoints: [entry], plugins: [...plugins] });
  return outputFiles[0]?.text ?? '';
}

/** @param options.version the version that `wgospf version` prints, if not that of package.json */
export async function makeBundle({ version }: { readonly version?: string } = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    ...options,
    entryPoints: [`${root}src/main.ts`],
    outdir: `${root}dist`,
    entryNames: 'wgospf',
    chunkNames: 'lib/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    splitting: true,
    plugins: [...plugins, ...(version === undefined ? [] : [otherVersion(version)])],
    metafile: true,
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [relative(`${root}dist`, path), contents]));
  return { files, packages: packageFolders(metafile) };
}
