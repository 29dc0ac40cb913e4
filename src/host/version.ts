// The product's version from package.json; the bundle contains it.
import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;
