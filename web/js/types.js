// The shapes that cross the socket, as server/wire/PROTOCOL.md names them. Types only: never loaded.

/**
 * @typedef {object} Param
 * @property {string} id
 * @property {string} name
 * @property {string} group
 * @property {string} unit
 * @property {string} doc
 * @property {number} min
 * @property {number} max
 * @property {number} def
 * @property {number} step
 * @property {"lin"|"log"|"skew"|"db"} curve
 * @property {number} curveArg
 * @property {string[]} flags
 * @property {string[]} labels
 * @property {number} value
 * @property {number} rev
 * @property {boolean} touched
 * @property {boolean} ownText the plugin has words of its own for its values
 */

/** @typedef {{id: string, value: number, rev: number, touched: boolean}} ParamValue */

/**
 * @typedef {object} Plugin
 * @property {string} id
 * @property {string} name
 * @property {string} vendor
 * @property {string} version
 * @property {string} doc
 * @property {string} path
 * @property {number} generation
 * @property {boolean} instrument
 * @property {boolean} eventsIn
 * @property {number} latencyFrames
 * @property {{id: string, name: string}[]} plugins
 * @property {{name: string, doc: string}[]} presets
 * @property {Tap[]} taps
 * @property {string} toolchain
 * @property {string} sdk
 * @property {string} buildId
 * @property {string[]} libraries
 */

/**
 * @typedef {object} Tap
 * @property {string} id
 * @property {string} name
 * @property {string} unit
 * @property {"value"|"audio"} kind
 * @property {string} view
 * @property {number} min
 * @property {number} max
 */

/** @typedef {{status: "starting"|"running"|"restarting"|"silent", reason: string, restarts: number}} Engine */

/**
 * @typedef {object} Audio
 * @property {string} device
 * @property {string} name
 * @property {string} why
 * @property {number} rateHz
 * @property {number} periodFrames
 * @property {number} inChannels
 * @property {number} outChannels
 * @property {number} latencyFrames
 * @property {boolean} realtime
 * @property {string} realtimeNote
 * @property {"running"|"lost"} state
 * @property {number} xruns
 * @property {string} detail what was negotiated
 * @property {boolean} hasInput
 * @property {boolean} hasOutput
 * @property {RoundTrip} roundTrip
 */

/**
 * @typedef {object} RoundTrip
 * @property {number} frames
 * @property {number} ms
 * @property {boolean} exact
 * @property {boolean} calibrated
 * @property {number} calibrationFrames
 * @property {number} resamplerFrames
 */

/** @typedef {{mute: boolean, bypass: boolean, trimDb: number, tripped: boolean}} Monitor */

/**
 * @typedef {object} Input
 * @property {string} kind
 * @property {string[]} kinds
 * @property {number} hz
 * @property {number} levelDb
 * @property {string} file
 * @property {boolean} loop
 * @property {boolean} playing
 * @property {number} positionFrames
 * @property {number} lengthFrames
 */

/** @typedef {{bpm: number, playing: boolean, beat: number, source: "internal"|"jack"}} Transport */

/** @typedef {{state: string, watching: string, residentBuilds: number, last: JigEvent|null}} Reload */

/**
 * A complaint of the compiler's or the linker's.
 * @typedef {object} Diagnostic
 * @property {"note"|"warning"|"error"} severity
 * @property {string} file "": of no file
 * @property {number} line 0: not said
 * @property {number} column
 * @property {string} message
 */

/**
 * The author's build command, where it stands.
 * @typedef {object} Build
 * @property {"off"|"idle"|"running"|"failed"|"succeeded"} status
 * @property {string} command
 * @property {number} number
 * @property {number} seconds of the build that ended last
 * @property {number} exitStatus
 * @property {boolean} editor whether build.open works
 * @property {Diagnostic[]} diagnostics
 * @property {number} diagnosticsDropped
 * @property {string[]} tail the last lines that it said
 */

/**
 * @typedef {object} JigEvent
 * @property {number} id
 * @property {number} frame
 * @property {number} timeMs
 * @property {string} kind
 * @property {"info"|"warn"|"error"} level
 * @property {string} text
 * @property {Record<string, any>} data
 */

/**
 * @typedef {object} Hello
 * @property {string} serverId
 * @property {string} version
 * @property {number} protocol
 * @property {string|number} clientId
 */

/** @typedef {{name: string, bus: string, direction: "in"|"out"}} StreamChannel */

/** @typedef {{stream: string, channels: StreamChannel[], fields: string[]}} Layout */

/**
 * Where the page stands towards the server.
 * @typedef {object} Link
 * @property {"connecting"|"open"|"lost"|"refused"} phase
 * @property {number} attempt how many times in a row it was tried
 * @property {string} reason one sentence, "" when open
 */

/**
 * A number that a control shows and changes, wherever it lives.
 * @typedef {object} Binding
 * @property {Param} desc
 * @property {number} value what to show now
 * @property {(value: number) => string} text
 * @property {(text: string) => Promise<number|null>} parse null: it means no value
 * @property {() => void} begin
 * @property {(value: number) => void} set
 * @property {() => void} end
 * @property {() => void} reset
 * @property {(changed: () => void) => () => void} watch returns its own undoing
 */

/** @typedef {import("./session.js").Session} Session */

export {};
