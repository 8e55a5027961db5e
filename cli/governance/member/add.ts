import { setMember, type MemberData, type RecoveryRole } from "../../../client/governance/members.js";
import { propose } from "../../../client/governance/proposal.js";
import { command, maybeOneOf, optional, required } from "../../command.js";
import { UsageError } from "../../failure.js";
import { readText } from "../../io.js";
import { objectOrFile } from "../../json.js";
import { NOT_CHECKED, readCertificateFile, warnOfDates } from "../../key.js";
import { asMember, governanceClient } from "../../session.js";

const recoveryRoles: Readonly<Record<"participant" | "owner", RecoveryRole>> = { participant: "Participant", owner: "Owner" };

export default command({
  description: "Proposes a new member. Once the proposal is accepted the invited member has to activate the membership.",
  examples: [
    [
      "Invite tdp",
      "cleanroom governance member add --certificate tdp_cert.pem --identifier tdp \\\n" +
        "    --tenant-id 72f988bf-86f1-41af-91ab-2d7cd011db47 --query proposalId --output tsv --governance-client isv-client",
    ],
  ],
  options: {
    certificate: required("--certificate <file>", "certificate of the new member (PEM)"),
    identifier: optional("--identifier <name>", "name of the new member"),
    tenantId: optional("--tenant-id <id>", "id of the new member's tenant"),
    memberData: optional("--member-data <json>", "data of the member, as JSON or a file with it, instead of the two above"),
    encryptionPublicKey: optional("--encryption-public-key <file>", "public key for recovery shares (PEM, RSA)"),
    recoveryRole: maybeOneOf("--recovery-role <role>", "part in a recovery of the service", ["participant", "owner"]),
    governanceClient,
  },
  run: async (values, io) => {
    const { identifier, tenantId, encryptionPublicKey, recoveryRole } = values;
    if ((identifier === undefined) === (values.memberData === undefined)) {
      throw new UsageError("give either --identifier or --member-data");
    }
    if (values.memberData !== undefined && tenantId !== undefined) throw new UsageError("--tenant-id goes with --identifier");
    if (recoveryRole !== undefined && encryptionPublicKey === undefined) {
      throw new UsageError("--recovery-role needs --encryption-public-key: recovery shares are encrypted to it");
    }
    const certificate = await readCertificateFile(values.certificate);
    warnOfDates(values.certificate, certificate, NOT_CHECKED, io);
    const memberData: MemberData =
      values.memberData === undefined
        ? { ...(identifier !== undefined && { identifier }), ...(tenantId !== undefined && { tenantId }) }
        : await objectOrFile("--member-data", values.memberData);
    const action = setMember({
      certificate,
      memberData,
      ...(encryptionPublicKey !== undefined && { encryptionPublicKey: await readText(encryptionPublicKey) }),
      ...(recoveryRole !== undefined && { recoveryRole: recoveryRoles[recoveryRole] }),
    });
    return asMember(values.governanceClient, io, (session) => propose(session, [action]));
  },
});
