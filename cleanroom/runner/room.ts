import { connect } from "../../client/transport.js";
import { prefixOf } from "../contract.js";
import { retrying } from "../retry.js";
import { requireImages, runApplications, type Ended } from "./applications.js";
import { requireHostData } from "./attester.js";
import { requireGoingOn, type Room, type RoomMeans } from "./context.js";
import { deliver, type Delivered } from "./deliver.js";
import { fetchSources } from "./fetch.js";
import { requireExecution } from "./governance.js";
import { probeIsolation, type Isolation } from "./isolation.js";
import { Journal } from "./journal.js";
import type { RoomPlan } from "./plan.js";
import { privateFolder, removeFolder } from "./volumes.js";

export type RoomResult = Delivered & {
  readonly contractId: string;
  readonly hostData: string;
  readonly isolation: Isolation["kind"];
  readonly applications: readonly Ended[];
  /** Of the first application that failed, or 0. */
  readonly exitCode: number;
};

/**
 * Does what container group and sidecars do for a template: has the members' consent, opens the data with the keys that are released to it,
 * runs the applications, and stores what they have made.
 *
 * @throws ServiceError, ConnectionError, CommitError, CloudError, BlobError, DataError, CleanRoomError
 */
export async function runRoom(plan: RoomPlan, means: RoomMeans): Promise<RoomResult> {
  const { governance, hostData } = plan;
  const { folder, watch, signal, attester } = means;
  await requireImages(plan, means.images);
  const connection = connect({ url: governance.ccfEndpoint, serviceCertificate: governance.serviceCertificate, connections: 4 });
  const prefix = prefixOf(`app/contracts/${governance.contractId}`);
  const contract = { transport: retrying(connection, means.patience, signal), prefix: () => prefix, room: attester.room };
  const journal = new Journal({ "cleanroom.contract": governance.contractId, "cleanroom.hostdata": hostData });
  const room: Room = { ...means, plan, contract, journal };
  try {
    watch.phase("asking for consent");
    await journal.step("consent for execution", {}, async () => {
      requireHostData(await attester.room(), hostData);
      await requireExecution(contract, plan);
    });
    await removeFolder(folder);
    await privateFolder(folder);
    const isolation = means.isolation ?? (await probeIsolation(folder));
    watch.phase("opening the data");
    await fetchSources(room);
    watch.phase("running");
    const applications = await runApplications(room, isolation);
    const delivered = await deliver(room);
    const exitCode = applications.find((one) => one.exitCode !== 0)?.exitCode ?? 0;
    return {
      contractId: governance.contractId,
      hostData,
      isolation: isolation.kind,
      applications,
      ...delivered,
      exitCode,
    };
  } catch (error) {
    requireGoingOn(room); // whatever failed after it was told to end failed of that
    throw error;
  } finally {
    await removeFolder(folder);
    await connection.close();
  }
}
