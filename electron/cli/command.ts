// What can be asked of the command line, each with all that it needs.
import type { SudoMode } from '../../shared/ipc/contract.ts';
import type { Destination } from './destination.ts';

export const commandNames = ['collect', 'script', 'show', 'trace', 'capture', 'export'] as const;
export type CommandName = (typeof commandNames)[number];

export type HostOrLocal =
  | ({ readonly from: 'host'; readonly sudo: SudoMode } & Destination & SshOptions)
  | { readonly from: 'local'; readonly sudo: SudoMode };

export type Source =
  | HostOrLocal
  /** A file the script's output was kept in; `-` is standard input. */
  | { readonly from: 'transcript'; readonly file: string };

export interface SshOptions {
  readonly port: number;
  readonly keyFile: string | undefined;
  /** Instead of the user's and nsatlas's own. */
  readonly knownHostsFile: string | undefined;
  readonly acceptNewHostKey: boolean;
}

export interface CollectCommand {
  readonly name: 'collect';
  readonly source: Source;
  /** A path; `-` is standard output. */
  readonly output: string;
}

export interface ShowCommand {
  readonly name: 'show';
  readonly file: string;
  readonly format: 'text' | 'json';
}

export interface TraceCommand {
  readonly name: 'trace';
  readonly file: string;
  /** As they are written; what they mean, the snapshot says. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | undefined;
  readonly port: number | undefined;
  readonly format: 'text' | 'json';
}

export interface CaptureCommand {
  readonly name: 'capture';
  readonly source: HostOrLocal;
  /** Where the model is from; undefined: the host is collected first. */
  readonly snapshot: string | undefined;
  /** As they are written; what they mean, the snapshot says. */
  readonly place: CapturePlace | undefined;
  readonly interface: string | undefined;
  readonly filter: string;
  readonly packets: number | undefined;
  readonly seconds: number | undefined;
  readonly bytes: number | undefined;
  readonly snaplen: number | undefined;
  readonly includeOwn: boolean;
  /** A path; `-` is standard output. */
  readonly output: string;
}

export interface CapturePlace {
  readonly by: 'netns' | 'container' | 'pid';
  readonly text: string;
}

export interface ExportCommand {
  readonly name: 'export';
  readonly file: string;
  readonly output: string;
  readonly format: 'svg' | 'png';
  readonly theme: 'light' | 'dark';
  readonly background: 'theme' | 'transparent';
  /** Pixels of a PNG for one unit of the SVG. */
  readonly scale: number;
  readonly legend: boolean;
  readonly title: boolean;
  readonly loopback: boolean;
}

export type Command =
  | { readonly name: 'help'; readonly about: CommandName | undefined }
  | { readonly name: 'version' }
  | { readonly name: 'script' }
  | CollectCommand
  | ShowCommand
  | TraceCommand
  | CaptureCommand
  | ExportCommand;
