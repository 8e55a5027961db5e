import { AttestedBody } from "./evidence.js";
import { extending } from "./schema.js";

export const SignPayloadBody = extending(AttestedBody, {
  payload: { description: "Base64 of what is to be signed.", type: "string", nullable: true, maxLength: 131_072 },
});
