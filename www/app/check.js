// Says that a browser is too old for the page, or that the page did not come completely.
// Any browser understands this script; main.js takes #unsupported away when it is there.
(function () {
	"use strict"
	var isEnough = "noModule" in document.createElement("script")
		&& window.HTMLDialogElement && window.AbortController && window.IntersectionObserver
		&& window.Intl && Intl.Locale && Intl.RelativeTimeFormat
		&& Array.prototype.at && Object.hasOwn
	var words = document.querySelectorAll("#unsupported [lang]")
	var said = String(navigator.language).slice(0, 2)
	var language = document.querySelector("#unsupported [lang=" + said + "]") ? said : "en"
	for (var n = 0; n < words.length; n++)
		words[n].hidden = words[n].lang !== language
	function show(id) {
		document.getElementById(id).hidden = false
		document.getElementById("unsupported").hidden = false
	}
	if (!isEnough)
		show("too-old")
	window.addEventListener("load", function () {
		if (isEnough && document.getElementById("unsupported"))
			show("incomplete")
	})
})()
