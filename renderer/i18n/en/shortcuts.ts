import type { ShortcutWords } from '../../state/shortcuts.ts';

const groups = {
  hosts: {
    title: 'Hosts and snapshots',
    does: {
      'new-profile': 'New host',
      'open-snapshot': 'Open a snapshot',
      refresh: 'Ask the host again',
      'save-copy': 'Save a copy',
      export: 'Export the picture',
    },
  },
  finding: {
    title: 'Finding and following',
    does: {
      search: 'Search',
      trace: 'Trace a packet',
      capture: 'Capture packets of what is selected, or of the host',
      back: 'Back to what was selected before',
      forward: 'Forward again',
    },
  },
  window: {
    title: 'Window',
    does: {
      home: 'Home',
      'view-network': 'Network',
      'view-namespaces': 'Namespaces',
      'toggle-sidebar': 'Show or hide hosts',
      'toggle-inspector': 'Show or hide the inspector',
      'show-shortcuts': 'This list',
    },
  },
  view: {
    title: 'View',
    does: {
      'zoom-in': 'Zoom in',
      'zoom-out': 'Zoom out',
      fit: 'Fit everything',
      'toggle-loopback': 'Show or hide loopback',
      'toggle-legend': 'Show or hide the legend',
      undo: 'Undo a move',
      redo: 'Redo a move',
    },
  },
  picture: {
    title: 'In the picture',
    does: {
      walk: 'Go along the lines',
      pan: 'Move the view',
      open: 'Open what is selected',
      fold: 'Fold or unfold a box',
      clear: 'Select nothing',
      'zoom-in': 'Zoom in',
      'zoom-out': 'Zoom out',
      fit: 'Fit everything',
      'fit-selected': 'Fit to what is selected',
    },
  },
  tree: {
    title: 'In a tree',
    does: {
      step: 'Go up or down',
      unfold: 'Unfold or fold',
      ends: 'First or last row',
      choose: 'Select',
    },
  },
  suggestions: {
    title: 'In a field with suggestions',
    does: {
      next: 'Next suggestion',
      previous: 'Suggestion before',
      choose: 'Take it',
      leave: 'Clear or close',
    },
  },
  parts: {
    title: 'On tabs and borders of panes',
    does: {
      tab: 'The other view',
      resize: 'Move the border',
      limits: 'Narrowest or widest',
    },
  },
} satisfies ShortcutWords;

export const shortcuts = {
  title: 'Keyboard shortcuts',
  or: 'or',
  groups,
};
