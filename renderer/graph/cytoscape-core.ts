// Cytoscape as we use it: it keeps the elements, the viewport and the gestures, and draws nothing.
import cytoscape from 'cytoscape';
import type { Core, ElementDefinition } from 'cytoscape';
import { zoomRange } from './fitting-view.ts';

/** `container` hears the gestures. */
export function gesturesIn(container: HTMLElement): Core {
  keepCytoscapesStyleOut();
  const cy = cytoscape({
    container,
    ...zoomRange,
    layout: { name: 'preset' },
    style,
    autounselectify: true,
    boxSelectionEnabled: false,
  });
  leaveDrawingToPainter(cy);
  return cy;
}

/** Other elements; what was there before keeps its own. */
export function replaceElements(cy: Core, elements: readonly ElementDefinition[]): void {
  const wanted = new Set(elements.map((element) => element.data.id));
  cy.elements().forEach((element) => {
    if (!wanted.has(element.id())) element.remove();
  });
  for (const element of elements) {
    const known = cy.getElementById(String(element.data.id));
    if (known.empty()) cy.add(element);
    else {
      known.data(element.data);
      if (element.position) known.position(element.position);
    }
  }
}

/** What Cytoscape needs to know of an element to let it be dragged; where lines run is the scene's. */
const style: cytoscape.StylesheetJson = [
  {
    selector: 'node',
    style: {
      shape: 'rectangle',
      width: 'data(width)',
      height: 'data(height)',
      'z-index': 'data(depth)' as never,
      'z-index-compare': 'manual',
    },
  },
  { selector: 'edge', style: { 'curve-style': 'haystack', events: 'no' } },
];

/**
 * Cytoscape's renderer goes on to find what is grabbed and to move the view, but draws nothing: the painter does, at a
 * tenth of the time for a thousand namespaces, and with the exports' shapes.
 */
function leaveDrawingToPainter(cy: Core): void {
  const renderer = (cy as Core & { renderer(): Record<string, unknown> }).renderer();
  for (const name of ['drawLayeredElements', 'drawCachedElements', 'drawCachedNodes', 'drawElements']) {
    if (typeof renderer[name] === 'function') renderer[name] = () => undefined;
  }
}

/**
 * Cytoscape adds a style element of its own unless one with its id is there. The page's policy allows none, and our own
 * style sheet says what it would say.
 */
function keepCytoscapesStyleOut(): void {
  const id = '__________cytoscape_stylesheet';
  if (document.getElementById(id)) return;
  const place = document.createElement('meta');
  place.id = id;
  document.head.append(place);
}
