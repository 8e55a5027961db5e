import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { connect as connectSocket } from "node:net";
import { CleanRoomError } from "../errors.js";
import { bytesField, bytesFields } from "./protobuf.js";
import { reportDataOf, unavailable, type EvidenceSource } from "./source.js";

/** Where the attestation sidecar of a container group listens. */
export const SIDECAR_SOCKET = "/mnt/uds/sock";

const METHOD = "/attestation_container.AttestationContainer/FetchAttestation";
const REQUEST = { reportData: 1 };
const REPLY = { attestation: 1, platformCertificates: 2, uvmEndorsements: 3 };

/** Milliseconds. */
const TIMEOUT = 30_000;

/** Evidence from the attestation sidecar of confidential containers: gRPC at a Unix socket, one call with one answer. */
export function socketSidecarEvidence(path: string = SIDECAR_SOCKET): EvidenceSource {
  return {
    async evidence(content) {
      const reply = await fetchAttestation(path, reportDataOf(content)).catch((error: unknown) =>
        unavailable(`the sidecar at ${path} gives no evidence`, error),
      );
      const text = (field: number): string => reply.get(field)?.toString("base64") ?? "";
      const [evidence, endorsements, uvm] = [text(REPLY.attestation), text(REPLY.platformCertificates), text(REPLY.uvmEndorsements)];
      if (evidence === "" || endorsements === "") {
        throw new CleanRoomError("InvalidEvidence", `the sidecar at ${path} answered without a report, or without certificates`);
      }
      return { evidence, endorsements, ...(uvm !== "" && { uvm_endorsements: uvm }) };
    },
  };
}

async function fetchAttestation(path: string, reportData: Uint8Array): Promise<ReadonlyMap<number, Buffer>> {
  const session = connectHttp2("http://localhost", { createConnection: () => connectSocket(path) });
  try {
    return bytesFields(unframed(await call(session, METHOD, framed(bytesField(REQUEST.reportData, reportData)))));
  } finally {
    session.destroy();
  }
}

/** A unary call (gRPC over HTTP/2): a framed message each way, and the status in the trailers, or in the headers where these are all. */
function call(session: ClientHttp2Session, method: string, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    session.on("error", reject);
    const stream = session.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const chunks: Buffer[] = [];
    let status: IncomingHttpHeaders = {};
    stream.on("response", (headers) => (status = headers));
    stream.on("trailers", (trailers: IncomingHttpHeaders) => (status = trailers));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("close", () => {
      if (status["grpc-status"] === "0") resolve(Buffer.concat(chunks));
      else reject(new Error(reasonOf(status)));
    });
    stream.setTimeout(TIMEOUT, () => stream.destroy(new Error(`no answer after ${TIMEOUT / 1000} s`)));
    stream.end(message);
  });
}

function reasonOf({ "grpc-status": code, "grpc-message": message }: IncomingHttpHeaders): string {
  const reason = typeof message === "string" ? message : "no reason given";
  return `gRPC status ${String(code ?? "missing")}: ${decoded(reason)}`;
}

/** Messages are percent-encoded, and what is not must be shown as it is (gRPC over HTTP/2). */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}

/** One byte says whether the message is compressed, four its length (big-endian). */
function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function unframed(frame: Buffer): Buffer {
  if (frame.length < 5 || frame[0] !== 0 || frame.readUInt32BE(1) !== frame.length - 5) {
    throw new RangeError("the answer is not one uncompressed gRPC message");
  }
  return frame.subarray(5);
}
