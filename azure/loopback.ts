/** Whether a URL is of this machine. */
export function isLoopbackUrl(url: string): boolean {
  return ["127.0.0.1", "[::1]", "localhost"].includes(new URL(url).hostname);
}
