// The only file that knows lit-html.
export {html, nothing, render} from "../lib/lit-html.js"
export {guard} from "../lib/directives/guard.js"
export {live} from "../lib/directives/live.js"
export {repeat} from "../lib/directives/repeat.js"
