// What the application menu and the keyboard ask for, in one table: the window has one place that knows how to do it.
import type { MenuCommand } from '../../shared/ipc/contract.ts';
import type { Atlas } from './atlas.svelte.ts';

export const menuCommands: Readonly<Record<MenuCommand, (atlas: Atlas) => void>> = {
  home: (atlas) => atlas.goHome(),
  'new-profile': (atlas) => (atlas.overlay = { kind: 'profile', profile: undefined }),
  'open-snapshot': (atlas) => void atlas.openFile(),
  refresh: (atlas) => atlas.refresh(),
  'save-copy': (atlas) => {
    const opened = atlas.snapshot.opened;
    if (opened) void atlas.saveCopy(opened.summary);
  },
  export: (atlas) => {
    if (atlas.picture.current) atlas.overlay = { kind: 'export' };
  },
  search: (atlas) => atlas.search(),
  trace: (atlas) => {
    if (!atlas.snapshot.opened) return;
    if (atlas.view === 'network') atlas.tracing.toggle();
    else atlas.traceWith({});
  },
  capture: (atlas) => atlas.captureSelected(),
  'view-network': (atlas) => (atlas.view = 'network'),
  'view-namespaces': (atlas) => (atlas.view = 'namespaces'),
  'zoom-in': (atlas) => atlas.picture.viewport?.zoomBy(1.25),
  'zoom-out': (atlas) => atlas.picture.viewport?.zoomBy(0.8),
  fit: (atlas) => atlas.picture.viewport?.fit(),
  'toggle-sidebar': (atlas) => atlas.settings.change({ sidebarOpen: !atlas.settings.current.sidebarOpen }),
  'toggle-inspector': (atlas) => atlas.settings.change({ inspectorOpen: !atlas.settings.current.inspectorOpen }),
  'toggle-loopback': (atlas) => {
    atlas.settings.change({ hideLoopback: !atlas.settings.current.hideLoopback });
    void atlas.picture.draw();
  },
  'toggle-legend': (atlas) => atlas.picture.legend.toggle(),
  'show-script': (atlas) => (atlas.overlay = { kind: 'script' }),
  'show-shortcuts': (atlas) => (atlas.overlay = { kind: 'shortcuts' }),
};
