// The product's version, from package.json when the program is bundled.
import packageJson from '../../package.json' with { type: 'json' };

export const version: string = packageJson.version;
