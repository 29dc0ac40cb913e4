// src/main.ts and what it imports as one ES module, and which npm packages are inside. Writes nothing.
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

export interface Bundle {
  readonly code: Uint8Array;
  /** folders of the npm packages of which some code is inside, relative to the checkout, sorted */
  readonly packages: readonly string[];
}

/** node-gyp-build looks for its addon beside the package's own files, which a bundle has not; ours lies beside the bundle. */
const addonBesideBundle: esbuild.Plugin = {
  name: 'addon-beside-bundle',
  setup(build) {
    build.onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'addon' }));
    build.onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
      // the path in a variable: esbuild would look for the files of a literal
      contents: `const path = './prebuilds/' + process.platform + '-' + process.arch + '/node.napi.node';
        module.exports = () => require(path);`,
    }));
  },
};

/** The program tells the version that its package.json says. */
const otherVersion = (version: string): esbuild.Plugin => ({
  name: 'other-version',
  setup(build) {
    build.onLoad({ filter: /^.*\/package\.json$/ }, ({ path }) =>
      path === `${root}package.json` ? { contents: JSON.stringify({ version }), loader: 'json' } : undefined,
    );
  },
});

/** `node_modules/a`, `node_modules/a/node_modules/@b/c`: all up to the name that follows the last node_modules. */
export function packageFolders(metafile: esbuild.Metafile): string[] {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** @param options.version what `wgospf version` shall say, where it is not the version of package.json */
export async function makeBundle({ version }: { readonly version?: string } = {}): Promise<Bundle> {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [`${root}src/main.ts`],
    outfile: `${root}dist/wgospf.mjs`,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // bundled CommonJS packages call require and read __dirname, which an ES module has not
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    define: { __dirname: 'import.meta.dirname' },
    plugins: [addonBesideBundle, ...(version === undefined ? [] : [otherVersion(version)])],
    // the names of packages are then the same where node_modules is a link to another checkout's
    preserveSymlinks: true,
    logLevel: 'warning',
    metafile: true,
    write: false,
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error('esbuild made no file of src/main.ts');
  return { code, packages: packageFolders(metafile) };
}
