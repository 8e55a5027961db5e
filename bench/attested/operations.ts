export type Operation = {
  readonly name: string;
  /** As in `app.json`. */
  readonly verb: "post" | "put";
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: string;
};

const contract = { contractId: "contract" };

export const CONSENT: Operation = {
  name: "a consent check",
  verb: "post",
  route: "/contracts/{contractId}/consentcheck/execution",
  params: contract,
  query: "",
};

export const TOKEN: Operation = {
  name: "a token",
  verb: "post",
  route: "/contracts/{contractId}/oauth/token",
  params: contract,
  query: "sub=contract&tid=tenant&aud=api://AzureADTokenExchange&jti=0d0b3b1e-9f3c-4f0e-8d8e-1f2a3b4c5d6e&iat=1800000000&exp=1800000300",
};

export const DELEGATE: Operation = {
  name: "a signed request",
  verb: "put",
  route: "/contracts/{contractId}/cleanroompolicy/delegates/{delegateType}/{delegateId}",
  params: { ...contract, delegateType: "secrets", delegateId: "one" },
  query: "",
};
