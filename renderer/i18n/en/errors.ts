export const errors = {
  openAttempted: (label: string) => `Open the snapshot of ${label}`,
  openAdvice: 'Collect a new one, or send this file with a bug report: it holds everything that was read.',
  crashedTitle: 'This part of the window stopped',
  crashedWhy: 'A mistake in nsatlas, not in your host. What you collected is safe.',
  crashedReload: 'Show it again',
  mistake: 'Something went wrong in nsatlas. Try again.',
  startTitle: 'nsatlas could not start',
  startAttempted: 'Read the settings, the saved hosts and the list of snapshots',
  startAdvice: 'Close nsatlas and start it again. If it stays so, its data folder may not be readable.',
  drawTitle: 'The picture could not be drawn',
  notFoundTitle: 'Not in this snapshot',
  notFoundText: 'What was selected does not exist in this snapshot any more.',
};
