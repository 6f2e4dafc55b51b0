// A certificate for 127.0.0.1 that signs itself, made anew for each run, so that no key has to be kept.

import { generateKeyPairSync, sign } from "node:crypto";

const [INTEGER, BIT_STRING, OCTET_STRING, OID, TEXT, TIME, SEQUENCE, SET] = [2, 3, 4, 6, 12, 24, 48, 49];

/** A value in DER. */
function der(tag, ...parts) {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [129, length] : [130, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const ECDSA_WITH_SHA256 = der(SEQUENCE, der(OID, [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
const COMMON_NAME = der(OID, [0x55, 4, 3]);
const ALTERNATIVE_NAME = der(OID, [0x55, 0x1d, 17]);
const [VERSION_3, EXTENSIONS, ADDRESS] = [0xa0, 0xa3, 0x87];

/** The certificate and its key as PEM. */
export function selfSigned() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, "a server of a test"))));
  const validity = der(SEQUENCE, der(TIME, "20200101000000Z"), der(TIME, "21200101000000Z"));
  const address = der(OCTET_STRING, der(SEQUENCE, der(ADDRESS, [127, 0, 0, 1])));
  const contents = der(
    SEQUENCE,
    der(VERSION_3, der(INTEGER, [2])),
    der(INTEGER, [1]),
    ECDSA_WITH_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(EXTENSIONS, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAME, address))),
  );
  const signature = der(BIT_STRING, [0], sign("sha256", contents, privateKey));
  const base64 = der(SEQUENCE, contents, ECDSA_WITH_SHA256, signature).toString("base64");
  const lines = base64.match(/.{1,64}/g).join("\n");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}
