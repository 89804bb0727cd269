// nsatlas export: the network view of a snapshot as a picture, laid out and drawn by the same code as on the screen.
import { printableValue } from '../../shared/explain/printable.ts';
import { writeSvg } from '../../shared/export/svg.ts';
import { networkGraph } from '../../shared/graph/network-view.ts';
import { layoutGraph } from '../../shared/layout/layout.ts';
import { PngFailed, drawPng } from '../export/png.ts';
import type { ExportCommand } from './command.ts';
import { CliFailure } from './failure.ts';
import { checkOutput, outputName, writeOutput } from './files.ts';
import { openSnapshot } from './open-snapshot.ts';

/** Made to be shown: as readable as the user's other files. */
const shared = 0o666;

export async function exportCommand(command: ExportCommand): Promise<void> {
  const { file, output, format, theme, background, title, legend, loopback } = command;
  await checkOutput(output, format === 'png' ? 'a picture' : undefined);
  const graph = networkGraph(printableValue(await openSnapshot(file)), { hideLoopback: !loopback });
  const svg = writeSvg(graph, layoutGraph(graph), { theme, background, title, legend });
  await writeOutput(output, format === 'svg' ? svg : await png(svg, command), shared);
}

async function png(svg: string, { scale, output }: ExportCommand): Promise<Uint8Array> {
  try {
    return await drawPng(svg, { scale });
  } catch (error) {
    if (!(error instanceof PngFailed)) throw error;
    const attempted = `draw ${outputName(output)}`;
    throw new CliFailure({ attempted, reason: error.message, advice: error.advice }, error);
  }
}
