// Tests of the sources find the asset files where __NSATLAS_ASSETS__ says (vitest.config.ts).
import path from 'node:path';
import { copyAssets } from './assets.mjs';
import { out } from './run/paths.mjs';

export const setup = () => copyAssets(path.join(out, 'assets'));
