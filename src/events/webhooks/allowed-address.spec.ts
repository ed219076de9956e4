import { describe, expect, it } from "vitest";
import { isPublic, requireAllowedAddress } from "./allowed-address.ts";

describe("an address", () => {
  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "2001::1",
    "2002:a00:1::1",
    "fc00::1",
    "fe80::1",
    "ff02::1",
  ])("that is not on the Internet: %s", (ip) => {
    expect(isPublic(ip)).toBe(false);
  });

  it.each(["1.1.1.1", "172.32.0.1", "9.255.255.255", "2606:4700:4700::1111", "2a00:1450::5"])(
    "that is on the Internet: %s",
    (ip) => {
      expect(isPublic(ip)).toBe(true);
    },
  );
});

describe("a webhook's address", () => {
  it.each([
    ["http://127.0.0.1/", []],
    ["https://127.0.0.1/", []],
    ["https://localhost/", []],
    ["https://2130706433/", []],
    ["https://0x7f.1/", []],
    ["https://[::1]/", []],
    ["https://[::ffff:10.0.0.1]/", ["fe80::/10"]],
    ["https://10.0.6.1/", ["10.0.5.0/24"]],
    ["http://1.1.1.1/", ["10.0.0.0/8"]],
  ])("is refused: %s with %j", async (url, networks) => {
    await expect(requireAllowedAddress(new URL(url), networks)).rejects.toThrow(
      /not on the Internet|by https only/,
    );
  });

  it.each([
    ["http://127.0.0.1/", ["127.0.0.1"], "127.0.0.1"],
    ["http://[::1]/", ["::1"], "::1"],
    ["http://10.0.5.9:8080/", ["10.0.5.0/24"], "10.0.5.9"],
    ["https://1.1.1.1/", [], "1.1.1.1"],
  ])("is allowed: %s with %j", async (url, networks, ip) => {
    expect(await requireAllowedAddress(new URL(url), networks)).toBe(ip);
  });
});
