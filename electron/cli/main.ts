// nsatlas on the command line. README.md; it runs in plain Node, without Electron and without a display.
import { run } from './run.ts';

// A reader that has seen enough (`| head`) closes its end: nothing is wrong then, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.stderr.on('error', () => undefined);

// Not ended by force: standard output may still be on its way.
void run(process.argv.slice(2), __NSATLAS_VERSION__).then((status) => (process.exitCode = status));
