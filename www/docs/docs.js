// SPDX-License-Identifier: ISC
// Where the package is not there, the page says what to do.
if (window.SwaggerUIBundle)
	SwaggerUIBundle({
		url: "../openapi.json",
		dom_id: "#swagger-ui",
		deepLinking: true,
		validatorUrl: null,
	});
