import {
  createHash,
  createHmac,
  randomBytes,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from "node:crypto";

/**
 * The password hash that Medusa reads and writes: scrypt's own file header in base64, 96 bytes.
 * "scrypt", version 0, log2 N, r and p (big endian), 32 bytes of salt, the first 16 bytes of a
 * SHA-256 of all that, and an HMAC of all that with the second half of the derived key.
 */
const BYTES = 96;
const SALT = { begin: 16, end: 48 };
const CHECKED = 64;

/**
 * Medusa's own hashes are cheap to guess (N = 2), but it reads stronger ones, such as ours: 16 MB
 * and some 50 ms each.
 */
const COST = { logN: 14, r: 8, p: 1 };
const MAX_MEMORY_BYTES = 256 * 1024 * 1024;

/** Returns whether a stored hash has this form. */
export const isScryptHash = (hash: string): boolean => hash.startsWith("c2NyeXB0");

/** Returns whether a stored hash is at least as strong as those written here. */
export const isStrongScryptHash = (hash: string): boolean =>
  isScryptHash(hash) && (Buffer.from(hash, "base64")[7] ?? 0) >= COST.logN;

/** Returns the hash to store for a password. */
export async function scryptHash(password: string): Promise<string> {
  const bytes = Buffer.alloc(BYTES);
  bytes.write("scrypt", 0);
  bytes.writeUInt8(COST.logN, 7);
  bytes.writeUInt32BE(COST.r, 8);
  bytes.writeUInt32BE(COST.p, 12);
  randomBytes(SALT.end - SALT.begin).copy(bytes, SALT.begin);
  checksum(bytes).copy(bytes, SALT.end);
  (await sign(bytes, password)).copy(bytes, CHECKED);
  return bytes.toString("base64");
}

/** Returns whether a password matches a stored hash; false for a damaged one. */
export async function fitsScryptHash(password: string, hash: string): Promise<boolean> {
  const bytes = Buffer.from(hash, "base64");
  if (
    bytes.length !== BYTES ||
    !timingSafeEqual(checksum(bytes), bytes.subarray(SALT.end, CHECKED))
  )
    return false;
  return timingSafeEqual(await sign(bytes, password), bytes.subarray(CHECKED));
}

function checksum(bytes: Buffer): Buffer {
  return createHash("sha256")
    .update(bytes.subarray(0, SALT.end))
    .digest()
    .subarray(0, CHECKED - SALT.end);
}

async function sign(bytes: Buffer, password: string): Promise<Buffer> {
  const cost = {
    N: 2 ** bytes.readUInt8(7),
    r: bytes.readUInt32BE(8),
    p: bytes.readUInt32BE(12),
    maxmem: MAX_MEMORY_BYTES,
  };
  const key = await derive(password, bytes.subarray(SALT.begin, SALT.end), cost);
  return createHmac("sha256", key.subarray(32)).update(bytes.subarray(0, CHECKED)).digest();
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 64, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
