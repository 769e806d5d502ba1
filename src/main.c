/* SPDX-License-Identifier: ISC */
/* The life of a worker: settings, database, requests until it is told to stop. */
#include "config.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "dav/xml.h"
#include "db/start.h"
#include "http/gateway.h"
#include "task/fill.h"
#include "task/libical.h"
#include "base/log.h"
#include "base/zone.h"
#include "metrics.h"
#include "account/app.h"
#include "account/auth.h"
#include "account/token.h"
#include "routes.h"
#include "serve.h"
#include "sandbox.h"

static const char	usage[] =
"usage: todo.fcgi [--check-config | --version | --help]\n"
"\n"
"Without an option it serves requests: by FastCGI if descriptor 0 is a listening\n"
"socket, else one request by CGI.  Settings come from the environment,\n"
"then from a .env file (TODO_ENV_FILE, ./.env, " SYSCONFDIR "/neon-todo/.env):\n"
"DATABASE_URL, DATABASE_HOSTS, DATABASE_TIMEOUT, SECRET_KEY,\n"
"ACCESS_TOKEN_EXPIRE_MINUTES, REMEMBER_DAYS, TAGS_FORMAT, CORS_ORIGINS,\n"
"FCGI_WEB_SERVER_ADDRS, REQUESTS, LOG_REQUESTS, METRICS_FILE, METRICS_ALLOW, SANDBOX.\n"
"See todo.fcgi(8).\n"
"--check-config prints each and its source.\n";

static struct url		url;		/* of DATABASE_URL */
static struct loop		loop;
static struct worker		worker = { .connection.url = &url, .routes = routes,
				    .parts = path_parts, .sign_in = auth_token,
				    .sign_in_app = app_sign_in };
static struct gateway		gateway = { .loop = &loop, .serve = serve,
				    .is_late = serve_is_late, .arg = &worker };

static const char *
configure(void)
{
	const char	*wrong = conf_load();

	if (wrong != NULL ||
	    (wrong = url_parse(&url, conf.database_url, conf.database_hosts)) != NULL)
		return wrong;
	worker.database_usec = conf.database_timeout * INT64_C(1000000);
	worker.cors_origins = conf.cors_origins;
	worker.tags_string = conf.tags_string;
	gateway.web_servers = conf.web_servers;
	gateway.most = conf.requests;
	worker.shared = conf.requests > 1 && gateway_is_fastcgi();
	token_open(conf.secret_key, conf.token_minutes, conf.remember_days);
	return NULL;
}

static int
run_option(const char *option)
{
	const char	*wrong;

	if (strcmp(option, "--help") == 0) {
		fputs(usage, stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(option, "--version") == 0) {
		puts(PACKAGE_STRING);
		return EXIT_SUCCESS;
	}
	if (strcmp(option, "--check-config") != 0) {
		fprintf(stderr, "todo.fcgi: unknown option %s\n%s", option, usage);
		return EX_USAGE;
	}
	wrong = configure();
	conf_print(stdout, wrong == NULL ? url_target(&url) : NULL);
	conf_print_strangers(stdout, stderr);
	if (wrong == NULL && conf.metrics_file != NULL)
		wrong = metrics_check(conf.metrics_file);
	if (libical_load() == NULL || !xml_load())	/* which say why */
		return EX_CONFIG;
	if (!zone_has_data())
		fputs("todo.fcgi: this host has no tzdata, so UTC is the only time zone: "
		    "install the package tzdata, or set TZDIR\n", stderr);
	if (wrong != NULL)
		log_exit(EX_CONFIG, "%s", wrong);
	fputs("todo.fcgi: the settings are ok\n", stderr);
	return EXIT_SUCCESS;
}

/*
 * By CGI nobody reads an exit status: the client gets an answer.  A supervisor may
 * start a worker again at once: so it lives for a second, to save the processor.
 */
static int
refuse(const char *wrong, int status, time_t started)
{
	log_line("%s", wrong);
	if (gateway_is_fastcgi()) {
		if (time(NULL) <= started)
			sleep(1);
	} else {
		worker.broken = status == EX_CONFIG ? ANS_INTERNAL : ANS_UNAVAILABLE;
		gateway.serve = serve_error;
		gateway.loop = NULL;
		gateway_run(&gateway);
	}
	return status;
}

int
main(int argc, char **argv)
{
	const char	*wrong;
	int		 status = EX_CONFIG;
	bool		 changed;
	time_t		 started = time(NULL);

	if (argc > 2) {
		fputs(usage, stderr);
		return EX_USAGE;
	}
	if (argc == 2)
		return run_option(argv[1]);
	gateway_catch_signals();
	if (!gateway_is_fastcgi() && getenv("REQUEST_METHOD") == NULL) {
		fprintf(stderr, "todo.fcgi: descriptor 0 is no FastCGI socket, and this is "
		    "no CGI request\n%s", usage);
		return EX_USAGE;
	}
	if ((wrong = configure()) != NULL || (wrong = gateway_open(&gateway)) != NULL ||
	    (conf.metrics_file != NULL &&
	    (wrong = metrics_open(conf.metrics_file, routes)) != NULL) ||
	    (wrong = start_database(&worker.connection, gateway_is_fastcgi(), &status,
	    &changed)) != NULL)
		return refuse(wrong, status, started);
#ifdef __GLIBC__
	/* Large blocks are unmapped after their request; else malloc() would come to keep them. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
#endif
	sandbox_enter();
	if (gateway_is_fastcgi() || changed)
		fill_begin(&worker);
	if (gateway.loop != NULL)
		connection_share(&worker.connection, gateway.loop);
	gateway_run(&gateway);
	connection_free(&worker.connection);
	return EXIT_SUCCESS;
}
