/** The text of a transaction id: `view.seqno`, both positive. */
export function parseTransactionId(text: string | undefined): { readonly view: number; readonly seqno: number } | undefined {
  const [, view, seqno] = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? "") ?? [];
  if (view === undefined || seqno === undefined || Number(view) === 0 || Number(seqno) === 0) return undefined;
  return { view: Number(view), seqno: Number(seqno) };
}
