// SPDX-License-Identifier: ISC
// What every browser has, and Debian 12's node (18) has under other names.
const {webcrypto} = require("node:crypto")
const {Duplex} = require("node:stream")
const {createInflateRaw} = require("node:zlib")

globalThis.crypto ??= webcrypto
try {
	new DecompressionStream("deflate-raw")
} catch {
	const Native = globalThis.DecompressionStream
	globalThis.DecompressionStream = class {
		constructor(format) {
			return format === "deflate-raw" ? Duplex.toWeb(createInflateRaw()) : new Native(format)
		}
	}
}
