// The API: by Swagger UI, if it was put beside this file (dev/swagger-ui), else a plain list.

function element(name, text, ...children) {
	const e = document.createElement(name);
	e.append(text, ...children);
	return e;
}

function follow(doc, o) {
	return o.$ref ? o.$ref.slice(2).split("/").reduce((at, key) => at[key], doc) : o;
}

function rows(name, list) {
	return list.length ? [element("h4", name), ...list.map(([key, text]) =>
		element("p", "", element("code", key), ` ${text}`))] : [];
}

function operation(doc, path, method, op, shared) {
	const parameters = [...shared, ...op.parameters].map((p) => follow(doc, p));
	const body = op.requestBody?.content["application/json"];
	return element("details", "",
		element("summary", "", element("code", `${method.toUpperCase()} ${path}`), ` ${op.summary}`),
		...rows("Parameters", parameters.map((p) => [p.name, p.description ?? ""])),
		...body ? [element("h4", "Body"), element("pre", JSON.stringify(body.example, null, 1))] : [],
		...rows("Answers", Object.entries(op.responses).map(([status, r]) =>
			[status, follow(doc, r).description])));
}

function list(doc) {
	const main = element("main", element("h1", `${doc.info.title} ${doc.info.version}`),
		element("p", doc.info.description));
	for (const tag of doc.tags) {
		main.append(element("h2", tag.description));
		for (const [path, { parameters = [], ...methods }] of Object.entries(doc.paths))
			for (const [method, op] of Object.entries(methods))
				if (op.tags.includes(tag.name))
					main.append(operation(doc, path, method, op, parameters));
	}
	document.getElementById("swagger-ui").prepend(main);
}

if (window.SwaggerUIBundle)
	window.SwaggerUIBundle({url: "../openapi.json", dom_id: "#swagger-ui", validatorUrl: null});
else
	fetch("../openapi.json").then((r) => r.json()).then(list);
