import { action } from "../action.js";
import { objectOf, hex, integer, matching, nonEmptyString, optional, string } from "../arguments.js";
import { ccf } from "../ccf.js";
import { dropOtherOpenProposals } from "../proposals.js";
import { snpHostData, snpMeasurements, snpTcbVersions, snpUvmEndorsements } from "../tables.js";

/*! Code that may join the network on AMD SEV-SNP: by launch measurement, ... */
action("add_snp_measurement", { measurement: hex(48) }, ({ measurement }, proposalId) => {
  snpMeasurements.set(measurement, "AllowedToJoin");
  dropOtherOpenProposals(proposalId);
});

action("remove_snp_measurement", { measurement: hex(48) }, ({ measurement }) => {
  snpMeasurements.delete(measurement);
});

/*! ... or by who endorsed the utility VM (a did:x509), for what (feed), from which version on (svn); ... */
action(
  "add_snp_uvm_endorsement",
  { did: nonEmptyString, feed: nonEmptyString, svn: matching(/^[0-9]{1,9}$/, "a decimal number as text") },
  ({ did, feed, svn }, proposalId) => {
    snpUvmEndorsements.set(did, { ...snpUvmEndorsements.get(did), [feed]: { svn } });
    dropOtherOpenProposals(proposalId);
  },
);

action("remove_snp_uvm_endorsement", { did: nonEmptyString, feed: nonEmptyString }, ({ did, feed }) => {
  const feeds = Object.entries(snpUvmEndorsements.get(did) ?? {}).filter(([name]) => name !== feed);
  if (feeds.length === 0) snpUvmEndorsements.delete(did);
  else snpUvmEndorsements.set(did, Object.fromEntries(feeds));
});

/*! ... and by host data, the digest of the security policy that says which containers may run. The policy's text may be left empty. */
action(
  "add_snp_host_data",
  { host_data: hex(32), security_policy: string },
  {
    validate: ({ host_data, security_policy }) => {
      const digest = toHex(ccf.crypto.digest("SHA-256", ccf.strToBuf(security_policy)));
      if (security_policy !== "" && digest !== host_data) throw new Error(`the digest of security_policy is ${digest}, not host_data`);
    },
    effect: ({ host_data, security_policy }, proposalId) => {
      snpHostData.set(host_data, security_policy);
      dropOtherOpenProposals(proposalId);
    },
  },
);

const toHex = (buffer: ArrayBuffer): string => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

action("remove_snp_host_data", { host_data: hex(32) }, ({ host_data }) => {
  snpHostData.delete(host_data);
});

/*! The least firmware and microcode versions, by processor model (CPUID). */
const Cpuid = hex(4);
const Version = integer(0, 255);

action(
  "set_snp_minimum_tcb_version",
  { cpuid: Cpuid, tcb_version: objectOf({ boot_loader: Version, tee: Version, snp: Version, microcode: Version, fmc: optional(Version) }) },
  ({ cpuid, tcb_version }, proposalId) => {
    snpTcbVersions.set(cpuid, tcb_version);
    dropOtherOpenProposals(proposalId);
  },
);

function tcbVersionOf(cpuid: string, digits: string): unknown {
  if (!ccf.tcbHexToPolicy) throw new Error("this release of CCF cannot read hexadecimal versions; use set_snp_minimum_tcb_version");
  return ccf.tcbHexToPolicy(cpuid, digits);
}

action(
  "set_snp_minimum_tcb_version_hex",
  { cpuid: Cpuid, tcb_version: hex(8) },
  {
    validate: ({ cpuid, tcb_version }) => tcbVersionOf(cpuid, tcb_version),
    effect: ({ cpuid, tcb_version }, proposalId) => {
      snpTcbVersions.set(cpuid, tcbVersionOf(cpuid, tcb_version));
      dropOtherOpenProposals(proposalId);
    },
  },
);

action("remove_snp_minimum_tcb_version", { cpuid: Cpuid }, ({ cpuid }) => {
  if (!snpTcbVersions.has(cpuid)) throw new Error(`there is no minimum for the processor ${cpuid}`);
  snpTcbVersions.delete(cpuid);
});
