// A demo that nobody watches: once its picture stands, main is given the SVG.
import { writeSvg } from '../../shared/export/svg.ts';
import type { Atlas } from './atlas.svelte.ts';

let reported = false;

/** To be called whenever what it reads changes; acts once. */
export function reportDemo(atlas: Atlas): void {
  const { opened } = atlas.snapshot;
  const picture = atlas.picture.current;
  if (!atlas.info?.unattended || reported || !opened || !picture || !atlas.picture.viewport) return;
  reported = true;
  const svg = writeSvg(picture.graph, picture.scene, {
    theme: 'light',
    background: 'theme',
    title: true,
    legend: true,
  });
  // Two frames: one in which the canvas draws, one to be sure that it is on the screen.
  requestAnimationFrame(() => requestAnimationFrame(() => void atlas.bridge.call('demo:drawn', svg)));
}
