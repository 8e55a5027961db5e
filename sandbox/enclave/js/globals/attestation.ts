import type { GuestResult } from "../values.js";
import type { Namespace } from "./namespace.js";

/** `snp_attestation.verifySnpAttestation`. */
export const attestationNamespace: Namespace = {
  where: "everywhere",
  operations: {
    verify: (call, args) => {
      const [uvm, tcb] = args.from(2);
      const [uvmEndorsements, endorsedTcb] = [uvm instanceof Uint8Array ? uvm : undefined, typeof tcb === "string" ? tcb : undefined];
      // Its fields are numbers, texts, buffers, and objects of such.
      return call.services.verifySnpAttestation(args.bytes(0), args.bytes(1), uvmEndorsements, endorsedTcb) as GuestResult;
    },
  },
  guest: `
    globalThis.snp_attestation = {
      verifySnpAttestation: withLength(({ verifySnpAttestation(evidence, endorsements, uvmEndorsements, endorsedTcb) {
        if (arguments.length < 2 || arguments.length > 4) throw wrongCount(arguments.length, "between 2 and 4");
        if (!isBuffer(evidence) || !isBuffer(endorsements) || (uvmEndorsements !== undefined && !isBuffer(uvmEndorsements))) {
          throw fail(TypeError, "ArrayBuffer object expected");
        }
        return host(OP.verify, evidence, endorsements, uvmEndorsements, endorsedTcb === undefined ? undefined : \`\${endorsedTcb}\`);
      } }).verifySnpAttestation, 4),
    };
  `,
};
