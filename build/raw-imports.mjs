// `node --import ./build/raw-imports.mjs`: makes `import text from './file.sh?raw'` work outside Vite too.
import { register } from 'node:module';

register('./raw-imports-hook.mjs', import.meta.url);
