// What is typed into the form of a capture, as numbers; and what is wrong with it.
import type { CaptureTarget } from '../../shared/capture/capture-target.ts';
import type { CaptureWish, SudoMode } from '../../shared/ipc/contract.ts';

export interface CaptureForm {
  readonly filter: string;
  /** Empty: as many as there are. */
  readonly packets: string;
  readonly seconds: string;
  /** Of 1,000,000 bytes. */
  readonly megabytes: string;
  readonly snaplen: string;
  readonly includeOwn: boolean;
  readonly sudo: SudoMode;
}

export type NumberField = 'packets' | 'seconds' | 'megabytes' | 'snaplen';
const most: Readonly<Record<NumberField, number>> = {
  packets: 2 ** 31 - 1,
  seconds: 2_147_483,
  megabytes: 1_000_000,
  snaplen: 262_144,
};

/** Fields with something that is no number, or too large a one. */
export function problemsOf(form: CaptureForm): readonly { readonly field: NumberField; readonly most: number }[] {
  return (Object.keys(most) as NumberField[])
    .filter((field) => {
      const written = form[field].trim();
      return written !== '' && !(/^\d{1,12}$/.test(written) && Number(written) >= 1 && Number(written) <= most[field]);
    })
    .map((field) => ({ field, most: most[field] }));
}

/** Of a form without problems. */
export function wishOf(target: CaptureTarget, form: CaptureForm): CaptureWish {
  const number = (field: NumberField): number | undefined =>
    form[field].trim() === '' ? undefined : Number(form[field]);
  const [packets, seconds, megabytes, snaplen] = [
    number('packets'),
    number('seconds'),
    number('megabytes'),
    number('snaplen'),
  ];
  return {
    target,
    filter: form.filter.trim(),
    includeOwn: form.includeOwn,
    sudo: form.sudo,
    ...(packets !== undefined && { packets }),
    ...(seconds !== undefined && { seconds }),
    ...(megabytes !== undefined && { bytes: megabytes * 1_000_000 }),
    ...(snaplen !== undefined && { snaplen }),
  };
}
