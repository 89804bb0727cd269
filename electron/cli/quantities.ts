// How many, and how large, in lines for people.

export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
