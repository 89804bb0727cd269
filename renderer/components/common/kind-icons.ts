// Which icon stands for which kind of thing, the same everywhere.
import type { NodeKind } from '../../../shared/graph/graph.ts';
import type { SearchKind } from '../../state/search-index.ts';
import type { IconName } from './icons.ts';

export const kindIcons: Readonly<Record<SearchKind, IconName>> = {
  namespace: 'namespaces',
  process: 'process',
  container: 'container',
  link: 'link',
  socket: 'socket',
  forward: 'forward-port',
};

export const nodeIcons: Readonly<Record<NodeKind, IconName>> = {
  host: 'server',
  netns: 'namespaces',
  unknown: 'question',
  container: 'container',
  link: 'link',
  bridge: 'network',
  process: 'process',
  port: 'forward-port',
  internet: 'demo',
};
