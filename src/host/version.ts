// The product's version; the bundle contains it from package.json.
import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;
