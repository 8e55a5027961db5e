import { tables, type ServiceInfo } from "../gov/tables.js";
import type { Store } from "../kv/store.js";

const known = new WeakMap<Store, { readonly version: number; readonly status: ServiceInfo["status"] | undefined }>();

/** The status of the service; every request to the application asks for it, and it hardly ever changes. */
export function serviceStatus(store: Store): ServiceInfo["status"] | undefined {
  const version = store.versionOf("public:ccf.gov.service.info");
  const last = known.get(store);
  if (last?.version === version) return last.status;
  const status = tables(store.begin()).serviceInfo.get()?.status;
  known.set(store, { version, status });
  return status;
}
