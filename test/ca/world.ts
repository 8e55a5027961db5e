import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import type { Action } from "../../client/governance/proposal.js";
import { call, type Answer } from "../support/answer.js";
import { agreedRoom, type CleanRoom } from "../support/cleanRoom.js";
import { consortium, type Place, type ServiceOptions } from "../support/consortium.js";
import { agree, type Party } from "../support/party.js";

/** A key that a clean room wants certified; PEM. */
export type Pair = { readonly publicKey: string; readonly privateKey: string };

const inPem = ({ publicKey, privateKey }: KeyPairKeyObjectResult): Pair => ({
  publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});

export const ecKey = (namedCurve: string): Pair => inPem(generateKeyPairSync("ec", { namedCurve }));
export const rsaKey = (modulusLength = 2048): Pair => inPem(generateKeyPairSync("rsa", { modulusLength }));

export type Info = {
  readonly enabled: boolean;
  readonly proposalIds: readonly string[];
  readonly caCert?: string;
  readonly publicKey?: string;
  readonly previousCaCerts?: readonly string[];
};

export const enableCa = (contractId: string): Action => ({ name: "enable_ca", args: { contractId } });
export const rotateCaKey = (contractId: string): Action => ({ name: "ca_enable_rotate_signing_key", args: { contractId } });
export const caPath = (contractId: string, operation: string): string => `/app/contracts/${contractId}/ca/${operation}`;

/** A service with a virtual TEE and two members. */
export class World {
  private constructor(
    readonly place: Place,
    readonly alice: Party,
    readonly bob: Party,
  ) {}

  static async start(end: (stop: () => Promise<void>) => void, options: ServiceOptions = {}): Promise<World> {
    const { place, members } = await consortium({ alice: {}, bob: {} }, end, { virtualTee: true, ...options });
    return new World(place, members.alice, members.bob);
  }

  agree(...actions: readonly Action[]): Promise<unknown> {
    return agree([this.alice, this.bob], ...actions);
  }

  /** An accepted contract, and a clean room that its policy lets in. */
  contract(contractId: string, hostData?: string): Promise<CleanRoom> {
    return agreedRoom(this.place, [this.alice, this.bob], { contractId, ...(hostData !== undefined && { hostData }) });
  }

  /** The same with a CA that has its key. */
  async contractWithCa(contractId: string, hostData?: string): Promise<CleanRoom> {
    const room = await this.contract(contractId, hostData);
    await this.agree(enableCa(contractId));
    await this.generate(contractId);
    return room;
  }

  generate(contractId: string, by: Party = this.alice): Promise<Answer> {
    return by.call("POST", caPath(contractId, "generateSigningKey"));
  }

  async info(contractId: string): Promise<Info> {
    return (await this.alice.call("GET", caPath(contractId, "info"))).body as Info;
  }

  async caCertificate(contractId: string): Promise<string> {
    return (await this.info(contractId)).caCert ?? "";
  }

  /** Sends a request for a certificate as clean rooms do, without a client certificate. */
  ask(contractId: string, body: unknown): Promise<Answer> {
    return call(this.place.anonymous, "POST", caPath(contractId, "generateEndorsedCert"), body);
  }

  /** The certificate that a clean room gets; PEM. */
  async certificate(room: CleanRoom, request: object): Promise<string> {
    const { status, body } = await this.ask(room.contractId, room.signed(request));
    if (status !== 200) throw new Error(JSON.stringify(body));
    return (JSON.parse(room.unwrap((body as { value: unknown }).value)) as { cert: string }).cert;
  }
}
