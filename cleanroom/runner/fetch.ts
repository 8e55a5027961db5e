import { newKeyring } from "./keyring.js";
import { heedful, requireGoingOn, type Room } from "./context.js";
import { fetchVolume, makeReadOnly, openVolume, privateFolder } from "./volumes.js";

/** Where a volume is on this machine. */
export function folderOfVolume({ folder }: Pick<Room, "folder">, name: string): Promise<string> {
  return privateFolder(folder, "volumes", name);
}

/**
 * Decrypts the datasources into folders that nobody writes to. Datasinks are opened as well: what could not be stored at the end is better
 * not begun. Their keys are not kept.
 */
export async function fetchSources(room: Room): Promise<void> {
  const { plan, contract, attester, cloud, journal, watch } = room;
  const keyring = newKeyring(contract, attester, cloud);
  for (const volume of plan.volumes) {
    requireGoingOn(room);
    const { name } = volume;
    const store = await journal.step("open", { "cleanroom.volume": name }, () => openVolume(volume, keyring, cloud));
    const folder = await folderOfVolume(room, name);
    if (!volume.readOnly) continue;
    const verb = "fetching";
    await journal.step(
      "fetch",
      { "cleanroom.volume": name },
      () => fetchVolume(store, folder, heedful(room, watch.transfer(verb, name))),
      ({ done, bytes }) => ({ files: done, bytes }),
    );
    await makeReadOnly(folder);
  }
}
