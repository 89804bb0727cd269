// What a container belongs to together with others, as people call it: for whoever wants to draw or list them together.
import type { Container } from '../../model/container.ts';

type Grouped = { readonly groups?: readonly string[] };

const orNothing = (groups: readonly string[]): Grouped => (groups.length === 0 ? {} : { groups });

/** The pod and the Compose project. */
export function groupsOf({ pod, project }: Container): readonly string[] {
  const name = pod && (pod.namespace === undefined ? (pod.name ?? pod.id) : `${pod.namespace}/${pod.name ?? pod.id}`);
  return [...(name === undefined ? [] : [`pod ${name}`]), ...(project === undefined ? [] : [`project ${project}`])];
}

export const groupsOfContainer = (container: Container): Grouped => orNothing(groupsOf(container));

/** What all containers in a box have in common. */
export function groupsOfBox(containers: readonly Container[]): Grouped {
  const [first = [], ...others] = containers.map(groupsOf);
  return orNothing(first.filter((group) => others.every((groups) => groups.includes(group))));
}
