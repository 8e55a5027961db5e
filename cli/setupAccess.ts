import type { FederatedCredential } from "../azure/management.js";
import type { ManagedIdentity } from "../azure/resources.js";
import type { Role } from "../azure/roles.js";
import { setTenantIssuerUrl } from "../client/issuer.js";
import { agreedFor, type Agreed } from "./access/governance.js";
import { provideIssuer } from "./access/issuer.js";
import { patiently } from "./access/patience.js";
import { partyResources, type PartyResources } from "./access/resources.js";
import { command, optional, required } from "./command.js";
import { CommandError } from "./failure.js";
import { harmless } from "../cleanroom/harmless.js";
import { home } from "./profile.js";
import { asMember, governanceClient } from "./session.js";

/** What Azure expects in tokens that it takes for those of an identity. */
const AUDIENCE = "api://AzureADTokenExchange";

type Grant = { readonly role: Role; readonly scope: string };

/** What a clean room may use from now on, and by what. */
type Access = {
  readonly contractId: string;
  readonly tenantId: string;
  readonly identity: ManagedIdentity;
  readonly federatedCredential: FederatedCredential & { readonly name: string };
  readonly roles: readonly Grant[];
};

export default command({
  description:
    "Lets the clean room of a contract use what this party has in its cloud, once its policy is agreed: publishes the keys that tokens of the " +
    "service are signed with at a URL of the party's tenant, names that URL in governance, makes the managed identity believe the tokens of " +
    "this contract alone, and gives the identity the roles to read and write data, read wrapped keys, and have key encryption keys released. " +
    "Run again, it leaves all as it is, and publishes keys that have changed.",
  examples: [
    [
      "Let the clean room of a contract in",
      "cleanroom setup-access --resource-group publisher-1 --contract-id collab1-ml --governance-client tdp-client",
    ],
  ],
  options: {
    resourceGroup: required("--resource-group <name>", "what the storage account, the vaults and the identity belong to"),
    contractId: required("--contract-id <id>", "id of the contract"),
    resources: optional("--resources <file>", "what `sandbox azure create-resources` printed, where the group has more than one of a kind"),
    oidcStorageAccount: optional("--oidc-storage-account <id>", "where the keys are published, if not in the storage account of the data"),
    governanceClient,
  },
  text,
  run: async ({ resourceGroup, contractId, resources: file, oidcStorageAccount, governanceClient: client }, io): Promise<Access> => {
    const credentialName = federationName(contractId);
    const { openCloud } = await import("../azure/cloud.js");
    const cloud = await openCloud(home(io), io.env);
    return asMember(client, io, async (session) => {
      const agreed = await agreedFor(session, contractId);
      const resources = await partyResources(resourceGroup, file, cloud);
      const identity = await cloud.identityOf(resources.identity);
      const { tenantId } = identity;
      requireTenant(tenantId, agreed);

      const issuerUrl = await provideIssuer(tenantId, agreed, oidcStorageAccount ?? resources.storageAccount, cloud, io.note);
      if (agreed.issuerUrl === undefined) await setTenantIssuerUrl(session, issuerUrl);
      const credential = { issuer: issuerUrl, subject: contractId, audiences: [AUDIENCE] };
      await cloud.management().setFederatedCredential(resources.identity, credentialName, credential);
      io.note(`${resourceName(resources.identity)} takes tokens of the service for ${contractId}`);
      const roles = rolesFor(resources);
      for (const { role, scope } of roles) {
        await patiently(role, () => cloud.grant(scope, identity.principalId, role), io);
        io.note(`${role} for ${resourceName(scope)}`);
      }
      return { contractId, tenantId, identity, federatedCredential: { name: credentialName, ...credential }, roles };
    });
  },
});

function text({ identity, federatedCredential: { name, issuer }, roles }: Access): string {
  return [
    `Issuer      ${harmless(issuer)}`,
    `Credential  ${name} of client ${identity.clientId}`,
    ...roles.map(({ role, scope }, index) => `${index === 0 ? "Roles" : "     "}       ${role} for ${resourceName(scope)}`),
    "",
  ].join("\n");
}

const resourceName = (id: string): string => id.split("/").at(-1) ?? "";

function rolesFor({ storageAccount, secretVaults, keyVaults }: PartyResources): Grant[] {
  return [
    { role: "Storage Blob Data Contributor", scope: storageAccount },
    ...secretVaults.map((scope) => ({ role: "Key Vault Secrets User", scope }) as const),
    ...keyVaults.map((scope) => ({ role: releaseRole(scope), scope })),
  ];
}

function releaseRole(scope: string): Role {
  return /\/managedHSMs\//i.test(scope) ? "Managed HSM Crypto Service Release User" : "Key Vault Crypto Service Release User";
}

/** Its name, as Azure allows it. @throws CommandError */
function federationName(contractId: string): string {
  const name = `${contractId}-federation`;
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) return name;
  throw new CommandError(`an identity cannot be federated with contract "${contractId}": choose an id of letters, digits, "-" and "_"`);
}

/** Tokens are asked for in the name of the identity's tenant, and name the issuer of that tenant. @throws CommandError */
function requireTenant(tenantId: string, { member }: Agreed): void {
  if (tenantId === member.tenantId) return;
  const belongs = member.tenantId === undefined ? "this member to none" : `this member to ${member.tenantId}`;
  throw new CommandError(
    `the managed identity belongs to tenant ${tenantId}, and ${belongs}: propose it with ` +
      `cleanroom governance member set-tenant-id --identifier ${member.identifier ?? "NAME"} --tenant-id ${tenantId}`,
  );
}
