import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readLocalCloud, type LocalCloud } from "../../azure/localCloud.js";
import { blobEndpointOf } from "../../azure/resources.js";
import { storageAccess } from "../../azure/storageAccess.js";
import { folderWith } from "../cleanroom/transfer/folders.js";

const endpoint = "https://tdpsa01.blob.core.windows.net/";
const local: LocalCloud = { ca: "PEM", blobs: { url: "https://127.0.0.1:7000/", accounts: { tdpsa01: "a2V5" } } };

test("a storage account is found by its resource id or its URL, in Azure or on this machine", () => {
  const id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/tdpsa01";
  expect(blobEndpointOf(id)).toBe(endpoint);
  expect(blobEndpointOf(id, local.blobs.url)).toBe("https://127.0.0.1:7000/tdpsa01/");
  expect(blobEndpointOf("https://tdpsa01.blob.core.windows.net")).toBe(endpoint);
  expect(() => blobEndpointOf("/subscriptions/s/vaults/kv")).toThrow(/neither the resource id of a storage account nor a URL/);
});

test("an account of the local cloud has its key and the authority from there, one of Azure has neither", () => {
  const found = storageAccess("https://127.0.0.1:7000/tdpsa01/", {}, local);
  expect(found).toEqual({ access: { kind: "sharedKey", account: "tdpsa01", key: "a2V5" }, ca: "PEM" });
  expect(() => storageAccess("https://127.0.0.1:7000/other/", {}, local)).toThrow(/has no storage account "other"/);
  expect(storageAccess(endpoint, {}, local)).toMatchObject({ access: { kind: "credential" } });
  expect(storageAccess(endpoint, {}, local).ca).toBeUndefined();
});

test.each([
  [{ AZURE_STORAGE_KEY: "k" }, { kind: "sharedKey", account: "tdpsa01", key: "k" }],
  [{ AZURE_STORAGE_SAS_TOKEN: "?sv=1" }, { kind: "sas", token: "?sv=1" }],
  [{ AZURE_STORAGE_CONNECTION_STRING: "AccountName=tdpsa01;AccountKey=a2V5PQ==;EndpointSuffix=x" }, { kind: "sharedKey", key: "a2V5PQ==" }],
  [{ AZURE_STORAGE_CONNECTION_STRING: "AccountName=tdpsa01;SharedAccessSignature=sv=1&sig=x" }, { kind: "sas", token: "sv=1&sig=x" }],
  [{ AZURE_STORAGE_CONNECTION_STRING: "AccountName=another;AccountKey=a2V5PQ==" }, { kind: "credential" }],
  [{}, { kind: "credential" }],
])("in Azure the environment decides: %j", (environment, access) => {
  expect(storageAccess(endpoint, environment).access).toMatchObject(access);
});

test("a local cloud is on this machine, or none", async () => {
  const { path, at } = await folderWith();
  expect(await readLocalCloud(path)).toBeUndefined();
  await mkdir(at("azure"));
  await writeFile(at("azure/azure.json"), JSON.stringify(local));
  expect(await readLocalCloud(path)).toEqual(local);
  await writeFile(at("azure/azure.json"), JSON.stringify({ ...local, blobs: { ...local.blobs, url: "https://198.51.100.1/" } }));
  await expect(readLocalCloud(path)).rejects.toThrow(/names https:\/\/198\.51\.100\.1\/: a local cloud is on this machine alone/);
});
