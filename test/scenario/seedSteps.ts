/**
 * What the public tutorial of the ML training scenario has its readers type, in order: the words of each command, and what tells calls of it apart.
 * `az cleanroom` is `cleanroom` here; its scripts have names of their own.
 */
const votes = [
  "deployment template show",
  "deployment policy show",
  "runtime-option get --option logging",
  "runtime-option get --option telemetry",
]
  .map((show) => [show, "proposal vote --proposal-id --action accept"]) // prettier-ignore
  .flat();

const datasource = (name: string): string[] => [
  `config add-datasource --cleanroom-config --name ${name} --storage-account --identity --dek-key-vault`,
  `datasource upload --cleanroom-config --name ${name} --dataset-folder`,
];

const invitation = (name: string): string[] => [
  `member add --certificate $certDir/${name}_cert.pem --identifier "${name}" --tenant-id --query "proposalId" --output tsv`,
  "proposal vote --proposal-id $proposalId --action accept",
];

const joining = (name: string): string[] => [
  `client deploy --ccf-endpoint --signing-cert $certDir/${name}_cert.pem --signing-key $certDir/${name}_privk.pem --name "${name}-client"`,
  `member activate --governance-client "${name}-client"`,
];

const resources = ["create-resources --resource-group --kv-type akvpremium", "config set-kek --kek-key-vault --maa-url --cleanroom-config"];

const access = (name: string): string[] => [
  `config wrap-deks --contract-id --cleanroom-config --governance-client "${name}-client"`,
  `setup-access --resource-group --contract-id --governance-client "${name}-client"`,
];

export const seedSteps: readonly string[] = [
  ...["isv", "tdp", "tdc"].map((name) => `keygenerator-sh | bash -s -- --name "${name}" --out $certDir`),
  ...joining("isv"),
  "service deploy --governance-client",
  ...invitation("tdp"),
  ...invitation("tdc"),
  ...joining("tdp"),
  ...joining("tdc"),
  "config init --cleanroom-config $tdpConfig",
  ...resources,
  ...["cowin", "icmr", "index"].flatMap(datasource),
  "config set-logging --cleanroom-config --storage-account --identity --dek-key-vault",
  "config set-telemetry --cleanroom-config --storage-account --identity --dek-key-vault",
  "config init --cleanroom-config $tdcConfig",
  ...resources,
  ...["model", "config"].flatMap(datasource),
  "config add-datasink --cleanroom-config --name output --storage-account --identity --dek-key-vault",
  "config add-application --cleanroom-config --name depa-training --image --command --mounts --env-vars --cpu 0.5 --memory 4",
  "config view --cleanroom-config --configs",
  "config validate --cleanroom-config",
  "contract create --data --id --governance-client",
  'contract show --id --query "version" --output tsv',
  "contract propose --version --id --governance-client",
  "contract show --id --governance-client",
  ...["isv", "tdp", "tdc"].map((name) => `contract vote --id --proposal-id --action accept --governance-client "${name}-client"`),
  "deployment generate --contract-id --governance-client --output-dir",
  "deployment template propose --template-file --contract-id --governance-client",
  "deployment policy propose --policy-file --contract-id --governance-client",
  "runtime-option propose --option logging --action enable --contract-id",
  "runtime-option propose --option telemetry --action enable --contract-id",
  ...["isv", "tdp", "tdc"].flatMap((name) => [`clientName="${name}-client"`, ...votes]),
  ...access("tdp"),
  ...access("tdc"),
  'deployment template show --contract-id --governance-client --query "data"',
  "deployment run --name --template-file",
  "deployment wait --name",
  "datasink download --cleanroom-config --name output --target-folder",
  "logs download --cleanroom-config --target-folder",
  "telemetry download --cleanroom-config --target-folder",
];
