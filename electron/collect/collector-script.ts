// The script that runs on the host, as text: shown on request and sent to the host's shell.
import text from './remote/collect.sh?raw';

/** A checkout on Windows may have given its lines other ends, which no shell there would take. */
export const collectorScript: string = text.replaceAll('\r\n', '\n');
