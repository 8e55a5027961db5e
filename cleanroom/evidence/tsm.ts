import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CleanRoomError } from "../errors.js";
import { chainOf } from "./certificateTable.js";
import { endorsementsIn } from "./securityContext.js";
import { reportDataOf, unavailable, type Attestation, type EvidenceSource } from "./source.js";

/** Where Linux gives reports of its processor from 6.7 on; `configfs` must be mounted. */
export const TSM_FOLDER = "/sys/kernel/config/tsm/report";

/** What is asked of the file system, for tests: folders there have files from the start, and removing one removes them. */
export type TsmFiles = {
  readonly mkdir: (path: string) => Promise<unknown>;
  readonly write: (path: string, content: Uint8Array) => Promise<void>;
  readonly read: (path: string) => Promise<Buffer>;
  readonly rmdir: (path: string) => Promise<void>;
};

// `inblob` exists and can be opened for writing only.
const linux: TsmFiles = { mkdir, write: (path, content) => writeFile(path, content, { flag: constants.O_WRONLY }), read: readFile, rmdir };

export type TsmOptions = {
  readonly folder?: string;
  /** Holds the endorsements on Azure (see securityContext.ts); elsewhere the host gives them together with the report. */
  readonly securityContext?: string | undefined;
  readonly files?: TsmFiles;
};

/**
 * Evidence from the processor itself, through the files of the kernel's TSM reports (Documentation/ABI/testing/configfs-tsm-report): the
 * driver behind them is that of `/dev/sev-guest`, which takes calls that Node.js cannot make.
 */
export function tsmEvidence({ folder = TSM_FOLDER, securityContext, files = linux }: TsmOptions = {}): EvidenceSource {
  return {
    async evidence(content) {
      const { report, table } = await reportOn(reportDataOf(content), folder, files).catch((error: unknown) =>
        error instanceof CleanRoomError ? Promise.reject(error) : unavailable(`the kernel gives no evidence in ${folder}`, error),
      );
      return { evidence: report.toString("base64"), ...(await endorsements(table, securityContext)) };
    },
  };
}

async function endorsements(table: Buffer, securityContext: string | undefined): Promise<Omit<Attestation, "evidence">> {
  if (securityContext === undefined) return { endorsements: Buffer.from(chainOf(table), "utf8").toString("base64") };
  return endorsementsIn(securityContext).catch((error: unknown) =>
    error instanceof CleanRoomError ? Promise.reject(error) : unavailable(`there are no endorsements in ${securityContext}`, error),
  );
}

/** A folder of its own for each report: nobody else can write to it in between. */
async function reportOn(reportData: Buffer, folder: string, files: TsmFiles): Promise<{ report: Buffer; table: Buffer }> {
  const entry = join(folder, `cleanroom-${randomUUID()}`);
  await files.mkdir(entry);
  try {
    const provider = (await files.read(join(entry, "provider"))).toString("utf8").trim();
    if (provider !== "sev_guest") throw new CleanRoomError("InvalidEvidence", `the platform is ${provider}, not sev_guest (SEV-SNP)`);
    await files.write(join(entry, "inblob"), reportData);
    return { report: await files.read(join(entry, "outblob")), table: await files.read(join(entry, "auxblob")) };
  } finally {
    await files.rmdir(entry);
  }
}
