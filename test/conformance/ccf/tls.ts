import { connect, type Certificate } from "node:tls";

/** What a client sees of a TLS server that may or may not be vouched for by `ca` (PEM). */
export type Handshake = {
  readonly authorized: boolean;
  readonly error: string | null;
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly san: string | undefined;
};

/** @throws Error when there is no connection */
export function handshake(url: string, ca: string): Promise<Handshake> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const name = hostname === "127.0.0.1" ? {} : { servername: hostname };
    const socket = connect({ host: hostname, port: Number(port), ca, rejectUnauthorized: false, ...name }, () => {
      const { issuer, subject, subjectaltname } = socket.getPeerCertificate(true);
      const problem = socket.authorizationError as Error | string | null | undefined; // a code or an error, whatever its type declaration says
      resolve({
        authorized: socket.authorized,
        error: problem ? String(problem) : null,
        issuer: commonName(issuer),
        subject: commonName(subject),
        san: subjectaltname,
      });
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

const commonName = ({ CN }: Certificate): string | undefined => [CN].flat()[0];
