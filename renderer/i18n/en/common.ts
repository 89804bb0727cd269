import type { age } from '../../state/format.ts';

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export const common = {
  counted: plural,
  undo: 'Undo',
  redo: 'Redo',
  cancel: 'Cancel',
  close: 'Close',
  save: 'Save',
  delete: 'Delete',
  copy: 'Copy',
  copied: 'Copied',
  back: 'Back',
  retry: 'Try again',
  details: 'Details',
  showAll: 'Show all',
  more: 'More',
  dismiss: 'Dismiss',
  expand: 'Expand',
  collapse: 'Collapse',
  ago: ({ unit, count }: ReturnType<typeof age>): string => {
    if (unit === 'now') return 'just now';
    if (unit === 'minute') return `${count} min ago`;
    if (unit === 'hour') return `${plural(count, 'hour', 'hours')} ago`;
    return count === 1 ? 'yesterday' : `${count} days ago`;
  },
  when: (iso: string): string => new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }),
  namespaceKinds: {
    cgroup: 'cgroup',
    ipc: 'IPC',
    mnt: 'mount',
    net: 'network',
    pid: 'PID',
    time: 'time',
    user: 'user',
    uts: 'UTS',
  },
  certainty: {
    certain: 'Certain',
    inferred: 'Inferred',
    ambiguous: 'Ambiguous',
  },
  certaintyHint: {
    certain: 'The kernel’s own identifiers decide it.',
    inferred: 'A named rule says so; the kernel does not confirm it.',
    ambiguous: 'More than one candidate fits; all of them are shown.',
  },
};
