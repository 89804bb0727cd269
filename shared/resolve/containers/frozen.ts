// A container is frozen as its first process is: what engines call paused.
import type { Pass } from '../known.ts';

export const frozenContainers: Pass = {
  name: 'frozen containers',
  run: ({ containers, index }) => ({
    containers: containers.flatMap((container) => {
      const freezer = container.init && index.process.get(container.init)?.freezer;
      return freezer ? [{ ...container, freezer: freezer.state }] : [];
    }),
  }),
};
