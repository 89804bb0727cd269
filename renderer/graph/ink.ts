// Shapes of the exports as shapes of a canvas. The SVG writer's own elements are read back, so that the screen draws the very
// outlines and strokes that a saved SVG has; these elements are ours and hold numbers and colours, never a host's text.

export interface Ink {
  readonly path: Path2D;
  readonly fill: string | undefined;
  readonly stroke: string | undefined;
  readonly width: number;
  readonly dash: readonly number[];
  readonly round: boolean;
}

export function inksOf(markup: string): readonly Ink[] {
  return [...markup.matchAll(/<(rect|circle|path)([^>]*)\/>/g)].map(([, tag = '', rest = '']) => {
    const attributes = new Map(
      [...rest.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    const number = (name: string): number => Number(attributes.get(name) ?? 0);
    const colour = (name: string): string | undefined => {
      const value = attributes.get(name);
      return value === 'none' ? undefined : value;
    };
    const path = tag === 'path' ? new Path2D(attributes.get('d')) : new Path2D();
    if (tag === 'rect') path.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
    if (tag === 'circle') path.arc(number('cx'), number('cy'), number('r'), 0, Math.PI * 2);
    return {
      path,
      fill: colour('fill'),
      stroke: colour('stroke'),
      width: number('stroke-width') || 1,
      dash: (attributes.get('stroke-dasharray') ?? '').split(/[ ,]+/).filter(Boolean).map(Number),
      round: attributes.get('stroke-linecap') === 'round',
    };
  });
}

export function drawInk(context: CanvasRenderingContext2D, ink: Ink): void {
  if (ink.fill !== undefined) {
    context.fillStyle = ink.fill;
    context.fill(ink.path);
  }
  if (ink.stroke === undefined) return;
  context.strokeStyle = ink.stroke;
  context.lineWidth = ink.width;
  context.lineCap = ink.round ? 'round' : 'butt';
  context.setLineDash(ink.dash as number[]);
  context.stroke(ink.path);
}
