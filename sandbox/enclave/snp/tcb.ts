/** The security patch levels of a platform (AMD 56860, table 3, as on Milan and Genoa). Names are those that scripts see. */
export type Tcb = {
  readonly boot_loader: number;
  readonly tee: number;
  readonly snp: number;
  readonly microcode: number;
};

/** Bytes of a TCB version in a report, and where its parts are. */
export const TCB_SIZE = 8;
export const TCB_BYTES: Readonly<Record<keyof Tcb, number>> = { boot_loader: 0, tee: 1, snp: 6, microcode: 7 };

/** @param bytes the 8 bytes of a report */
export function tcbOf(bytes: Uint8Array): Tcb {
  const at = (part: keyof Tcb): number => bytes[TCB_BYTES[part]] ?? 0;
  return { boot_loader: at("boot_loader"), tee: at("tee"), snp: at("snp"), microcode: at("microcode") };
}

export function tcbBytes(tcb: Tcb): Uint8Array {
  const bytes = new Uint8Array(TCB_SIZE);
  for (const part of ["boot_loader", "tee", "snp", "microcode"] as const) bytes[TCB_BYTES[part]] = tcb[part];
  return bytes;
}

/** Whether every part is at least that of `minimum`. */
export function meets(tcb: Tcb, minimum: Tcb): boolean {
  return tcb.boot_loader >= minimum.boot_loader && tcb.tee >= minimum.tee && tcb.snp >= minimum.snp && tcb.microcode >= minimum.microcode;
}

/** 16 hexadecimal digits, most significant byte first, as AMD and policies write a TCB version. */
export function tcbHex(tcb: Tcb): string {
  return Buffer.from(tcbBytes(tcb)).reverse().toString("hex");
}
