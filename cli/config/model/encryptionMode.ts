import { parse } from "yaml";
import { CommandError } from "../../failure.js";

/** How data is encrypted: by the client before it leaves, by the store with the client's key, by the store with its own. */
export const encryptionModes = ["CSE", "CPK", "SSE"] as const;
export type EncryptionMode = (typeof encryptionModes)[number];

/** The `configuration` of a protection. */
export function modeText(mode: EncryptionMode): string {
  return JSON.stringify({ KeyType: "KEK", EncryptionMode: mode });
}

/** The mode that a `configuration` names. @throws CommandError */
export function modeOf(configuration: string | undefined): EncryptionMode {
  const mode = fieldOf(configuration, "EncryptionMode");
  const known = encryptionModes.find((candidate) => candidate === mode);
  if (known) return known;
  throw new CommandError(`the protection's configuration ${JSON.stringify(configuration ?? "")} names no EncryptionMode: CSE, CPK or SSE`);
}

/** The `configuration` of a store of keys that are released to whom an attestation service vouches for. */
export function authorityText(maaUrl: string): string {
  return JSON.stringify({ authority: maaUrl });
}

/** The attestation service that a `configuration` names, which older forms write bare. @throws CommandError */
export function authorityOf(configuration: string | undefined): string {
  const found = configuration?.startsWith("https://") === true ? configuration : fieldOf(configuration, "authority");
  if (typeof found === "string" && found !== "") return found;
  throw new CommandError(
    `${JSON.stringify(configuration ?? "")} names no attestation service: set-kek or secretstore add says which one it is`,
  );
}

/** A field of what releases of the public tools have written: JSON, the text of a Python dictionary (both are YAML), or JSON in base64. */
function fieldOf(configuration: string | undefined, field: string): unknown {
  if (configuration === undefined || configuration === "") return undefined;
  const text = configuration.includes("{") ? configuration : Buffer.from(configuration, "base64").toString("utf8");
  try {
    const value: unknown = parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
  } catch {
    return undefined;
  }
}
