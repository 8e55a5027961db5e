import { resolve } from "node:path";
import builtIn from "./images.json" with { type: "json" };
import { CleanRoomError } from "../errors.js";

/** Which folder of this machine has the content of an image. */
export type Images = ReadonlyMap<string, string>;

/** The images that this package brings. @param installation its folder */
export function ownImages(installation: string): Images {
  return imagesIn(builtIn, installation, "images.json of this package");
}

/**
 * A registry: `{"images": [{"image": "REGISTRY/NAME@sha256:DIGEST", "folder": "PATH"}]}`.
 *
 * @param base what relative paths start from
 * @throws CleanRoomError UnknownImage where it is none
 */
export function imagesIn(registry: unknown, base: string, what: string): Images {
  const { images } = (typeof registry === "object" && registry !== null ? registry : {}) as { readonly images?: unknown };
  if (Array.isArray(images) && images.every(isImage)) return new Map(images.map(({ image, folder }) => [image, resolve(base, folder)]));
  throw new CleanRoomError("UnknownImage", `${what} is no registry of images: {"images": [{"image": ..., "folder": ...}]} is expected`);
}

/** @throws CleanRoomError UnknownImage */
export function folderOf(images: Images, image: string): string {
  const folder = images.get(image);
  if (folder !== undefined) return folder;
  throw new CleanRoomError(
    "UnknownImage",
    `no folder of this machine stands for the image ${image}: give --images FILE with {"images": [{"image": "${image}", "folder": "PATH"}]}`,
  );
}

function isImage(value: unknown): value is { readonly image: string; readonly folder: string } {
  if (typeof value !== "object" || value === null) return false;
  const { image, folder } = value as Readonly<Record<string, unknown>>;
  return typeof image === "string" && typeof folder === "string";
}
