/** Of HTTP traffic, seen from the clean room. */
export const directions = ["inbound", "outbound"] as const;
