import { ATTESTED } from "./evidence.js";
import { schema } from "./schema.js";

export const SignPayloadBody = schema({
  type: "object",
  properties: {
    ...ATTESTED,
    payload: { description: "Base64 of what is to be signed.", type: "string", nullable: true, maxLength: 524_288 },
  },
});
