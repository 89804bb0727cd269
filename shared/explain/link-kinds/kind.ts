// What is shown of a kind of link: a row of a table for each kind, a file for each family. Kinds and members are called
// as iproute2 calls them (`linkinfo.info_data` of `ip -d -j`); their words are in ../en/link-kinds.ts.

/** How a value is written; without one, as it is. */
export type Format =
  | 'seconds'
  | 'centiseconds'
  /** Not shown at 0. */
  | 'milliseconds'
  | 'unless-zero'
  /** Shown as on or off; any other truth is shown only where it holds. */
  | 'switch'
  /** Shown only where it does not hold. */
  | 'when-off'
  | 'words';

export interface Detail {
  /** Member of info_data; `ad_info.partner_mac` for one of an object in it. */
  readonly member: string;
  readonly format?: Format;
}

export interface LinkKind {
  readonly kind: string;
  readonly details: readonly Detail[];
}

/** `id`, or `ageing_time:centiseconds`. */
export function row(kind: string, ...members: readonly `${string}`[]): LinkKind {
  return {
    kind,
    details: members.map((text) => {
      const [member = '', format] = text.split(':');
      return format === undefined ? { member } : { member, format: format as Format };
    }),
  };
}
