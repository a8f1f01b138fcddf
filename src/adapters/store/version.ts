// The version of hostcache, from its package.json, which the build includes.
import metadata from '../../../package.json' with { type: 'json' };

export const VERSION: string = metadata.version;
