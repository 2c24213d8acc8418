/** A name from outside made fit for one line of a report: quoted, control characters escaped, at most 200 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
}
