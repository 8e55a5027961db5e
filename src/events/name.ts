/**
 * Where an event is, within its contract. An empty value in the query is none.
 *
 * @returns the id, which is the contract's unless another is given, and the scope, empty unless one is given
 */
export const eventOf = (
  contractId: string,
  { id, scope }: { readonly id?: string; readonly scope?: string },
): { readonly id: string; readonly scope: string } => ({ id: id === undefined || id === "" ? contractId : id, scope: scope ?? "" });
