import { randomBytes } from "node:crypto";
import { encodeTime } from "ulid";

const RANDOM_BITS = 80n;
/** The random step from one id to the next of the same millisecond. */
const STEP_BYTES = 8;
const POOL_BYTES = 4096;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

let lastTime = 0;
let lastRandom = 0n;

/**
 * Returns a new id in Medusa's form: a prefix and a ULID (`prod_01J…`). Within a process, later ids
 * sort after earlier ones.
 *
 * An id can be a permission: whoever knows the id of a cart may see the cart. So no id follows from
 * another one: ids of the same millisecond are a random step of 64 bits apart.
 */
export function newId(prefix: string): string {
  advance(Date.now());
  return `${prefix}_${encodeTime(lastTime, 10)}${encodeRandom(lastRandom)}`;
}

function advance(now: number): void {
  const next = now > lastTime ? undefined : lastRandom + 1n + randomBits(STEP_BYTES);
  if (next !== undefined && next < 1n << RANDOM_BITS) {
    lastRandom = next;
    return;
  }
  lastTime = Math.max(now, lastTime + 1);
  lastRandom = randomBits(Number(RANDOM_BITS) / 8);
}

const pool = { bytes: Buffer.alloc(0), used: 0 };

/** Random bytes are made ahead, since each call for some takes longer than the rest of an id. */
function randomBits(bytes: number): bigint {
  if (pool.used + bytes > pool.bytes.length) [pool.bytes, pool.used] = [randomBytes(POOL_BYTES), 0];
  pool.used += bytes;
  return BigInt(`0x${pool.bytes.toString("hex", pool.used - bytes, pool.used)}`);
}

/** Writes 80 bits as 16 characters of Crockford's base 32. */
function encodeRandom(value: bigint): string {
  let [text, rest] = ["", value];
  for (let digit = 0; digit < 16; digit++) {
    text = ALPHABET[Number(rest & 31n)]! + text;
    rest >>= 5n;
  }
  return text;
}
