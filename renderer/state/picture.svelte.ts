// The network picture of the open snapshot: its graph, where everything stands, what is folded and what was moved by hand.
import type { GraphNode } from '../../shared/graph/graph.ts';
import type { Picture } from '../worker/protocol.ts';
import type { WorkerClient } from '../worker/worker-client.ts';
import type { Box } from '../../shared/layout/scene.ts';
import { Legend } from './legend.svelte.ts';
import { Moves } from './moves.svelte.ts';
import type { Moved } from './moves.svelte.ts';
import type { SettingsState } from './settings.svelte.ts';
import type { Viewport } from './viewport.ts';

export class PictureState {
  readonly moves = new Moves();
  readonly legend: Legend;
  /** Where the legend is or would be, in pixels of the page. */
  legendArea: (() => Box | undefined) | undefined;
  /** There while the picture is on the screen. */
  viewport = $state.raw<Viewport | undefined>(undefined);
  readonly #worker: WorkerClient;
  readonly #settings: SettingsState;
  readonly #standIn: (id: string) => string | undefined;
  #current = $state.raw<Picture | undefined>(undefined);
  #folded = $state.raw<ReadonlySet<string>>(new Set());
  #unfolded = $state.raw<ReadonlySet<string>>(new Set());
  #problem = $state<string | undefined>(undefined);
  #host = '';
  #asked = 0;
  readonly #nodes = $derived(new Map(this.#current?.graph.nodes.map((node) => [node.id, node])));
  readonly #byEntity = $derived(nodesByEntity(this.#current?.graph.nodes ?? []));

  /** `standIn`: what is shown in place of a thing that the picture does not show. */
  constructor(worker: WorkerClient, settings: SettingsState, standIn: (id: string) => string | undefined) {
    this.#worker = worker;
    this.#standIn = standIn;
    this.#settings = settings;
    this.legend = new Legend(settings, () => {
      const area = this.legendArea?.();
      return area === undefined || (this.viewport?.covers(area) ?? true);
    });
  }

  get current(): Picture | undefined {
    return this.#current;
  }
  /** Why there is no picture of what should be shown. */
  get problem(): string | undefined {
    return this.#problem;
  }
  node(id: string): GraphNode | undefined {
    return this.#nodes.get(id);
  }
  /** Node or edge that stands for an entity or a relation; where it has none, for what it is in. */
  elementOf(id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    const own = this.#byEntity.get(id) ?? this.#current?.graph.edges.find((edge) => edge.relation === id)?.id;
    return own ?? this.elementOf(this.#standIn(id));
  }
  /** Brings what stands for an entity into sight, where the picture is on the screen. */
  reveal(id: string): void {
    const element = this.elementOf(id);
    if (element !== undefined) this.viewport?.reveal(element);
  }
  /** What the inspector opens for a node or an edge. */
  subjectOf(element: string): string | undefined {
    const node = this.#nodes.get(element);
    // A chip that counts several processes stands for none of them: the box around it says more.
    if (node) return node.entity ?? (node.parent === undefined ? undefined : this.#nodes.get(node.parent)?.entity);
    return this.#current?.graph.edges.find((edge) => edge.id === element)?.relation;
  }

  /** Another snapshot was opened. The same host keeps what was moved and folded: its ids are the same. */
  async show(host: string): Promise<void> {
    if (host !== this.#host) {
      this.#host = host;
      // Nothing of the one host under the name of the other; and the view begins anew.
      this.#current = undefined;
      this.moves.reset();
      this.#folded = new Set();
      this.#unfolded = new Set();
    }
    await this.draw();
  }

  /** Asks for the picture as the options and moves are now; an older answer that comes later is dropped. */
  async draw(): Promise<void> {
    const asked = ++this.#asked;
    const { hideLoopback } = this.#settings.current;
    const options = { hideLoopback, folded: this.#folded, unfolded: this.#unfolded };
    try {
      const picture = await this.#worker.ask('draw', { options, moved: this.moves.current });
      if (asked !== this.#asked) return;
      this.#current = picture;
      this.#problem = undefined;
    } catch (error) {
      if (asked === this.#asked) this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  clear(): void {
    this.#asked += 1;
    this.#current = undefined;
    this.#problem = undefined;
  }

  move(positions: Moved): void {
    this.moves.add(positions);
    void this.draw();
  }
  undo(): void {
    if (this.moves.undo()) void this.draw();
  }
  redo(): void {
    if (this.moves.redo()) void this.draw();
  }
  arrange(): void {
    this.moves.clear();
    void this.draw();
  }

  /** What a double click does to this node: folds or unfolds a box, shows what a chip counts; nothing for the rest. */
  foldOf(id: string): 'fold' | 'unfold' | undefined {
    const node = this.node(id);
    if (node?.kind === 'netns') return this.#folded.has(id) ? 'unfold' : 'fold';
    return node?.tags.includes('fold') ? 'unfold' : undefined;
  }

  toggleFold(id: string): void {
    if (this.foldOf(id) === undefined) return;
    if (this.node(id)?.kind === 'netns') {
      const folded = new Set(this.#folded);
      if (!folded.delete(id)) folded.add(id);
      this.#folded = folded;
      // A box that is unfolded again begins as it was at first.
      this.#unfolded = new Set([...this.#unfolded].filter((one) => !one.startsWith(`fold:${id}/`)));
    } else this.#unfolded = new Set([...this.#unfolded, id]);
    void this.draw();
  }
  get anyFold(): boolean {
    return this.#folded.size > 0 || this.#unfolded.size > 0;
  }
  foldAsAtFirst(): void {
    this.#folded = new Set();
    this.#unfolded = new Set();
    void this.draw();
  }
}

/** The smallest node wins where several stand for one entity: nodes come outermost first. */
function nodesByEntity(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes) if (node.entity !== undefined && node.id !== node.entity) found.set(node.entity, node.id);
  for (const node of nodes) if (node.entity === node.id) found.set(node.entity, node.id);
  return found;
}
