/** A datasource or datasink in the older form, indented for its list. */
function point(kind: "datasource" | "datasink", name: string, access: string): string {
  return `  - name: ${name}
    ${kind}:
      Name: ${name}
      Type: Volume__${access}
      Path: null
      Store:
        Name: ${name}
        Type: AzureStorage__BlobContainer
        Id: ${name}
        Provider: {Protocol: AzureStorageAccount, URL: "https://tdpsa01.blob.core.windows.net/", Configuration: "{}"}
      Identity: {clientId: 0f2c7d1e-4a55, principalId: 5b8e1c9a, tenantId: 9c4f7e20}
      Protection:
        ProxyType: SecureVolume__${access}__AzureStorage__BlobContainer
        ProxyMode: Secure
        PrivacyPolicy: null
        Configuration: '{KeyType: "KEK", EncryptionMode: "CPK"}'
        EncryptionSecret:
          DEK:
            SecretType: Key
            BackingResource:
              Name: wrapped-${name}-dek
              Type: AzureKeyVault_Secret
              Id: wrapped-${name}-dek
              Provider: {Protocol: AzureKeyVault, URL: "https://tdpvault01.vault.azure.net/", Configuration: "{}"}
          KEK:
            SecretType: Key
            BackingResource:
              NamePrefix: 7e41c0da-
              Type: AzureKeyVault_SecureKey
              Provider: {Protocol: AzureKeyVault, URL: "https://tdpvault01.vault.azure.net/", Configuration: "https://maa.example"}
        EncryptionSecretAccessIdentity: {clientId: 0f2c7d1e-4a55, principalId: 5b8e1c9a, tenantId: 9c4f7e20}
`;
}

/** A configuration in the older form; `ports` are those of its application, `more` comes after the specification. */
export function olderForm({ ports = "[]", more = "" } = {}): string {
  return `identities:
- {clientId: 0f2c7d1e-4a55, principalId: 5b8e1c9a, tenantId: 9c4f7e20}
kek:
  generateName: 7e41c0da-
  __HSM_URL__: https://tdpvault01.vault.azure.net/
  __MAA_URL__: https://maa.example
specification:
  applications:
  - name: train
    application:
      image: registry.example/train@sha256:00
      cpu: 0.5
      memory: 4
      command: [/bin/bash, run.sh]
      mount: ["src=cowin:dst=/mnt/remote/cowin", "src=logs:dst=/mnt/remote/logs"]
      env_var: ["query=a=b"]
      ports: ${ports}
  datasinks:
${point("datasink", "logs", "ReadWrite")}  datasources:
${point("datasource", "cowin", "ReadOnly")}  telemetry:
    application: {logs: logs, metrics: logs, traces: logs}
${more}`;
}
