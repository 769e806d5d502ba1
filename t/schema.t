# SPDX-License-Identifier: ISC
# The schema: made once by many, exact, enforced, checked at every start.
# ways: direct pooled
# long: 31
use Todo;
use POSIX ();

my $t = Todo->new(workers => 12, auth_workers => 4, start => 0);
is($t->psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 0,
    'schema: the database is empty');
$t->start;
my $log = Todo::slurp("$t->{dir}/worker.log");
is(join("\n", grep { /error|fail|exist|deadlock|FATAL/i } split /\n/, $log), '',
    'schema: sixteen workers start at once on an empty database without an error');
Todo::wait_for(sub { $t->worker_pids('tasks') == 12 && $t->worker_pids('auth') == 4 },
    'sixteen workers');
is($t->worker_pids('tasks') + $t->worker_pids('auth'), 16,
    'schema: and all sixteen live');

# --- what is there ----------------------------------------------------------
sub columns {
	my $table = shift;
	return map { $_->[0] => $_->[1] } $t->psql("SELECT column_name, data_type
	    || CASE is_nullable WHEN 'NO' THEN ' required' ELSE '' END
	    FROM information_schema.columns WHERE table_name = '$table'
	    AND table_schema = 'public'");
}
sub constraints {
	my ($table, $type) = @_;
	return map { $_->[0] } $t->psql("SELECT pg_get_constraintdef(oid)
	    FROM pg_constraint WHERE conrelid = 'public.$table'::regclass
	    AND contype = '$type' ORDER BY 1");
}
my %users = columns('users');
my %tasks = columns('tasks');
is($users{$_}, 'text required', "FR-003: users.$_") for qw(username email password);
is($users{id}, 'bigint required', 'FR-003: users.id');
is($users{created_at}, 'timestamp with time zone required', 'FR-003: users.created_at');
is_deeply([ constraints('users', 'p') ], [ 'PRIMARY KEY (id)' ],
    'US5-1: users has the primary key id');
my @unique = constraints('users', 'u');
ok((grep { /^UNIQUE \(email\)/ } @unique),
    'US5-1: users.email is unique');
ok((grep { /^UNIQUE \(username\)/ } @unique), 'US5-1: users.username is unique');
my %want = (id => 'bigint required', user_id => 'bigint required', title =>
    'text required', description => 'text', due_date => 'timestamp with time zone',
    priority => 'USER-DEFINED required', tags => 'ARRAY required',
    recursion_pattern => 'text', completed => 'boolean required',
    created_at => 'timestamp with time zone required',
    updated_at => 'timestamp with time zone required');
is($tasks{$_}, $want{$_}, "FR-004: tasks.$_ is $want{$_}") for sort keys %want;
is(join(' ', map { $_->[0] } $t->psql("SELECT enumlabel FROM pg_enum
    ORDER BY enumsortorder")), 'High Medium Low', 'FR-004: priority is an enum');
is_deeply([ constraints('tasks', 'p') ], [ 'PRIMARY KEY (id)' ],
    'US5-2: tasks has the primary key id');
like((constraints('tasks', 'f'))[0], qr/^FOREIGN KEY \(user_id\) REFERENCES (public\.)?users\(id\) ON DELETE CASCADE/,
    'US5-2: tasks.user_id refers to users(id)');
my $like = "$tasks{title} / $tasks{completed} / $tasks{created_at}";
is(() = $like =~ /required/g, 3, 'US5-2: title, completed and the times are required');

# --- what it rejects --------------------------------------------------------
my $u = $t->user(username => 'ann', email => 'ann@example.org');
sub rejects {
	my ($name, $sqlstate, $sql) = @_;
	my $took = eval { $t->psql($sql); 1 };
	ok(!$took && $t->{sql_error} =~ /ERROR:\s+$sqlstate/, $name)
	    or diag($took ? 'it was taken' : $t->{sql_error});
}
my $user = 'INSERT INTO users (username, email, password) VALUES';
rejects('US5-4: the same email twice is rejected by the unique constraint', '23505',
    "$user ('bob', 'ann\@example.org', 'x')");
rejects('US5-1: the same username twice is rejected', '23505',
    "$user ('ann', 'bob\@example.org', 'x')");
rejects("US5-1: users.$_->[0] null is rejected", '23502', "$user ($_->[1])")
    for [ username => "NULL, 'c\@example.org', 'x'" ], [ email => "'cat', NULL, 'x'" ],
    [ password => "'cat', 'c\@example.org', NULL" ];
my $task = sub { "INSERT INTO tasks (user_id, title" . ($_[0] ? ", $_[0]" : '')
    . ") VALUES ($u->{id}, 'x'" . ($_[0] ? ", $_[1]" : '') . ')' };
rejects('US5-3: a task of no user is rejected', '23502',
    "INSERT INTO tasks (title) VALUES ('x')");
rejects('edge: foreign key gone: a task of a user who does not exist is rejected',
    '23503', "INSERT INTO tasks (user_id, title) VALUES (987654321, 'x')");
rejects('edge: foreign key gone: a task cannot be moved to one', '23503',
    "WITH t AS (INSERT INTO tasks (user_id, title) VALUES ($u->{id}, 'x')
    RETURNING id) SELECT 1; UPDATE tasks SET user_id = 987654321");
rejects('schema: an empty title', '23514',
    "INSERT INTO tasks (user_id, title) VALUES ($u->{id}, '')");
rejects('schema: a title of 201 characters', '23514',
    "INSERT INTO tasks (user_id, title) VALUES ($u->{id}, repeat('x', 201))");
rejects("schema: $_->[0] $_->[1]", $_->[2], $task->($_->[0], $_->[1]))
    for [ priority => "'Urgent'", '22P02' ], [ priority => 'NULL', '23502' ],
    [ completed => 'NULL', '23502' ], [ description => "repeat('x', 10001)", '23514' ],
    [ recursion_pattern => "repeat('x', 101)", '23514' ],
    [ tags => "array_fill('x'::text, ARRAY[33])", '23514' ];
my $before = $t->psql('SELECT count(*) FROM users');
my $r = $t->req(POST => '/api/auth/register', { json => { username => 'other',
    email => 'ann@example.org', password => 'password 1' } });
is_error($r, 409, 'Email already registered',
    'US5-4: over HTTP the same violation is a 409');
is($t->psql('SELECT count(*) FROM users'), $before, 'US5-4: and no row');

# Two who sign up with one email in the same moment: one gets it.
pipe my $out, my $in;
my @kids;
for my $i (1..4) {
	my $pid = fork;
	if (!$pid) {
		my $r = $t->req(POST => '/api/auth/register', { json => { username =>
		    "same$i", email => 'same@example.org', password => 'password 1' } });
		syswrite $in, "$r->{status}\n";
		POSIX::_exit(0);
	}
	push @kids, $pid;
}
close $in;
is(join('', sort <$out>), "201\n409\n409\n409\n",
    'US5-4: four at the same moment, one wins');
waitpid $_, 0 for @kids;

# A user who goes takes the tasks along.
my $gone = $t->user;
$t->task($gone) for 1..3;
$t->psql("DELETE FROM users WHERE id = $gone->{id}");
is($t->psql("SELECT count(*) FROM tasks WHERE user_id = $gone->{id}"), 0,
    'edge: foreign key gone: no task points to a user that is gone');

# --- a worker of 0.1 that starts beside these, or on the way back ---------------
# It would not start without these, and during an upgrade both versions run.
is(join(' ', sort map { "$_->[0]:$_->[1]" } $t->psql("SELECT attname, format_type(atttypid, -1) FROM pg_attribute
    WHERE attrelid IN ('users'::regclass, 'tasks'::regclass) AND attname IN ('username', 'email', 'password', 'title',
    'description', 'tags', 'recursion_pattern')")), 'description:text email:text password:text recursion_pattern:text '
    . 'tags:text[] title:text username:text', 'schema: 0.1 finds its types');
is($t->psql("SELECT count(*) FROM pg_constraint WHERE conrelid::regclass || '.' || conname IN ('users.users_username_check',
    'users.users_email_check', 'tasks.tasks_user_id_id_key', 'tasks.tasks_title_check', 'tasks.tasks_description_check',
    'tasks.tasks_due_day_check', 'tasks.tasks_tags_check', 'tasks.tasks_tags_plain_check',
    'tasks.tasks_recursion_pattern_check', 'writes.writes_once_check')"), 10, 'schema: and its rules');

# --- an index that is new ---------------------------------------------------
my $index = sub { $t->psql("SELECT string_agg(indexdef, ' ' ORDER BY indexname) FROM pg_indexes
    WHERE indexname IN ('tasks_due_idx', 'tasks_priority_idx', 'tasks_recurring_idx')") };
my $indexes = $index->();
like($indexes, qr/\(user_id, COALESCE\(due_date, 'infinity'.*\), id\) .*\(user_id, priority, id\).* WHERE/,
    'schema: the indexes of pages');
$t->psql('DROP INDEX tasks_due_idx, tasks_priority_idx, tasks_recurring_idx');
$t->restart_workers;
is($index->(), $indexes, 'schema: what an older version lacks is made at the start');

# --- a database of an earlier version ----------------------------------------
$t->stop_workers;
my @new = qw(tasks_changed sessions_from);
$t->psql("ALTER TABLE users DROP COLUMN $_") for @new, qw(feed dav_since dav_props);
$t->psql('DROP TABLE app_passwords, deleted_tasks');
$t->psql('ALTER TABLE writes DROP COLUMN next_id, DROP COLUMN ids');
my $done = $t->psql("INSERT INTO tasks (user_id, title, completed, updated_at) VALUES ($u->{id}, 'done', true,
    '2026-01-01T00:00:00Z') RETURNING id");
$t->psql("ALTER TABLE tasks DROP COLUMN $_") for qw(completed_at time_zone name uid ical ical_at due_clock);
$t->start_workers;
is_ok(Todo::wait_for(sub { my $r = $t->as($u, GET => $u->{tasks});
    $r->{status} == 200 && $r }, 'the workers'), 200,
    'schema: sixteen workers start at once on a database of an earlier version');
%users = columns('users');
is($users{$_}, 'timestamp with time zone required', "schema: which has $_ then") for @new;
%tasks = columns('tasks');
is("$users{dav_since} $users{dav_props} @tasks{qw(name uid ical ical_at)}", 'timestamp with time zone jsonb text text text '
    . 'timestamp with time zone', 'schema: and what CalDAV needs');
for my $column (qw(name uid)) {
	$t->psql($task->($column, "'one'"));
	rejects("schema: the same $column twice", '23505', $task->($column, "'one'"));
	rejects("schema: $column of nothing", '23514', $task->($column, "''"));
}
rejects("schema: $_->[0]", '23514', $task->($_->[1], $_->[2])) for [ 'a name of 256 characters', name => "repeat('\x{20ac}', 256)" ],
    [ 'a UID of 1,025 bytes', uid => "repeat('\x{20ac}', 341) || 'xx'" ];
$t->psql($task->(name => "repeat('\x{20ac}', 255)"));
$t->psql("DELETE FROM tasks WHERE user_id = $u->{id} AND (name IS NOT NULL OR uid IS NOT NULL)");
is($t->psql("SELECT count(*) FROM pg_constraint WHERE conname = 'users_feed_key'"), 1,
    'schema: and a calendar\'s address, of one account');
is($t->psql("SELECT count(*) FROM users WHERE sessions_from <> '-infinity'"), 0,
    'schema: and no token has ended');
is($t->as($u, GET => "$u->{tasks}/$done")->{json}{completed_at}, '2026-01-01T00:00:00Z',
    'schema: completed tasks have updated_at for completed_at');
Todo::wait_for(sub { $t->psql('SELECT count(*) FROM tasks WHERE completed AND completed_at IS NULL') == 0 },
    'completed_at', 20);
is($t->psql("SELECT completed_at = updated_at FROM tasks WHERE id = $done"), 't', 'schema: which the table has soon');
is($t->psql("SELECT count(*) FROM pg_indexes WHERE indexname IN ('tasks_completed_idx', 'tasks_unfilled_idx')"), 2,
    'schema: and indexes of it');
$t->psql("DELETE FROM tasks WHERE id = $done");

# Tags that an earlier version took, from an import for example.
my $bad = "INSERT INTO tasks (user_id, title, tags) VALUES ($u->{id}, 'null', '{home,NULL,b}'),
    ($u->{id}, 'nested', '{{home,work},{a,\"\"}}'), ($u->{id}, 'only', '{NULL}'), ($u->{id}, 'plain', '{a,b}')";
my $tags = sub { join ' ', map { "$_->[0]=$_->[1]" } $t->psql("SELECT title, tags FROM tasks
    WHERE title IN ('null', 'nested', 'only', 'plain') AND user_id = $u->{id} ORDER BY id") };
rejects("schema: tags $_", '23514', $task->(tags => "'$_'")) for '{home,NULL}', '{NULL}', '{{home,work}}';
$t->stop_workers;
$t->psql("ALTER TABLE tasks DROP CONSTRAINT tasks_tags_plain_check; $bad");
$t->start_workers;
Todo::wait_for(sub { $t->as($u, GET => $u->{tasks})->{status} == 200 }, 'the workers');
is($tags->(), 'null={home,b} nested={home,work,a,""} only={} plain={a,b}',
    'schema: rows with tags that may not be get those that may');
rejects('schema: and no new ones come', '23514', $task->(tags => "'{home,NULL}'"));

# One that came in between keeps no worker from starting, and is served.
$t->psql("DELETE FROM tasks WHERE user_id = $u->{id} AND title IN ('null', 'nested', 'only', 'plain');
    ALTER TABLE tasks DROP CONSTRAINT tasks_tags_plain_check; $bad; ALTER TABLE tasks ADD CONSTRAINT
    tasks_tags_plain_check CHECK (array_ndims(tags) = 1 AND array_position(tags, NULL) IS NULL) NOT VALID");
$t->restart_workers;
my $served = $t->as($u, GET => $u->{tasks});
is_ok($served, 200, 'schema: a row that breaks the rule does not stop the list');
is(join(' ', map { "$_->{title}=" . join ',', @{$_->{tags}} } grep { $_->{title} =~ /null|nested|only|plain/ }
    @{$served->{json}}), 'null=home,b nested=home,work,a, only= plain=a,b', 'schema: which shows its texts');
$t->psql("DELETE FROM tasks WHERE user_id = $u->{id} AND title IN ('null', 'nested', 'only', 'plain')");

# A worker that waits for a long reader must not keep others waiting.
$t->stop_workers;		# one that is still starting would make it whole
$t->psql('ALTER TABLE users DROP COLUMN feed');
my $reader = $t->hold('SELECT count(*) FROM users');
my $late = $t->worker_cli([], fcgi => 1, timeout => 20);
is($late->{exit}, 69, 'schema: a worker that has to wait for a lock ends, to be started again');
like($late->{stderr}, qr/lock timeout/, 'schema: and says why');
unlike($late->{stderr}, qr/GRANT/, 'schema: no right would help it');
$reader->();
$t->restart_workers;

# --- a role without CREATE --------------------------------------------------
$t->psql('REVOKE CREATE ON SCHEMA public FROM PUBLIC, pg_database_owner;
    ALTER SCHEMA public OWNER TO postgres; ALTER DATABASE ' . $t->{db}
    . ' OWNER TO postgres; GRANT USAGE ON SCHEMA public TO todo');
ok(!eval { $t->psql('SET ROLE todo; CREATE TABLE public.x ()'); 1 },
    'schema: the role can create nothing now');
$t->restart_workers;
is_ok($t->as($u, POST => $u->{tasks}, { title => 'x' }), 201,
    'schema: a role without CREATE works once the tables exist');

# --- tables of another role -------------------------------------------------
# What the worker says is run as it stands, and helps.
my $said = '';
my $start = sub { my $r = $t->worker_cli([], fcgi => 1, timeout => 20,
    env => { DATABASE_URL => $_[0] }); $said = $r->{stderr}; return $r->{exit} };
my $other = "o ther_$$";
(my $others_url = $t->{url}) =~ s{//todo:[^@]*}{//o%20ther_$$:long%20enough};
$t->psql("CREATE ROLE \"$other\" LOGIN PASSWORD 'long enough'; GRANT USAGE ON SCHEMA public TO \"$other\"");
SKIP: {
	skip 'the pooler knows one role', 7 if $t->{way} ne 'direct';
	is($start->($others_url), 78, 'schema: a role without rights on the tables does not start');
	like($said, qr/\A[^\n]*missing: the right to SELECT, INSERT, UPDATE, DELETE on [^\n]*\n\z/,
	    'schema: one line names the rights');
	unlike($said, qr/schema\.sql/, 'schema: which schema.sql would not mend');
	my ($grant) = $said =~ /their owner has to run: (GRANT .*)/;
	$t->psql("SET ROLE todo; $grant") if $grant;
	my $env = { REQUEST_METHOD => 'GET', PATH_INFO => '/readyz', DATABASE_URL => $others_url };
	like($t->worker_cli([], env => $env)->{stdout}, qr/"ready"/, 'schema: and what to run, which helps');
	$t->psql('SET ROLE todo; ALTER TABLE tasks RENAME COLUMN title TO was_title');
	$t->psql("REVOKE DELETE ON tasks FROM \"$other\"");
	is($start->($others_url), 78, 'schema: nor if a column is missing, too');
	like($said, qr/\btasks\.title, the right to DELETE on tasks; we can't make it: .*run: schema\.sql, then GRANT /,
	    'schema: the line has both') or diag($said);
	$t->psql('SET ROLE todo; ALTER TABLE tasks RENAME COLUMN was_title TO title');
}
$t->psql("DROP OWNED BY \"$other\"; DROP ROLE \"$other\"");

# --- a schema that does not fit ---------------------------------------------
sub misfit {
	my ($name, $sql, $word, $undo) = @_;
	$t->psql($sql);
	my $r = $t->worker_cli([], fcgi => 1, timeout => 20);
	ok($r->{exit} == 78 && $r->{stderr} =~ /\A[^\n]*\b$word\b[^\n]*\n\z/,
	    "schema: $name is named, exit status 78") or diag("$r->{exit}: $r->{stderr}");
	$t->psql($undo);
}
misfit("tasks without $_", "ALTER TABLE tasks RENAME COLUMN $_ TO was_$_", $_,
    "ALTER TABLE tasks RENAME COLUMN was_$_ TO $_") for qw(title due_date tags user_id);
misfit("users without $_", "ALTER TABLE users RENAME COLUMN $_ TO was_$_", $_,
    "ALTER TABLE users RENAME COLUMN was_$_ TO $_") for qw(password email);
misfit("no table $_", "ALTER TABLE $_ RENAME TO was_$_", $_,
    "ALTER TABLE was_$_ RENAME TO $_") for qw(tasks users revoked_tokens);
misfit('another type of title', 'ALTER TABLE tasks ALTER title TYPE varchar(200)',
    'title', 'ALTER TABLE tasks ALTER title TYPE text');
misfit('no unique email', 'ALTER TABLE users RENAME CONSTRAINT users_email_key TO k',
    'users_email_key', 'ALTER TABLE users RENAME CONSTRAINT k TO users_email_key');
misfit('no foreign key', 'ALTER TABLE tasks RENAME CONSTRAINT tasks_user_id_fkey TO k',
    'tasks_user_id_fkey', 'ALTER TABLE tasks RENAME CONSTRAINT k TO tasks_user_id_fkey');
misfit('no rule for tags', 'ALTER TABLE tasks RENAME CONSTRAINT tasks_tags_check TO k',
    'tasks_tags_check', 'ALTER TABLE tasks RENAME CONSTRAINT k TO tasks_tags_check');
misfit('no index', 'ALTER INDEX tasks_due_idx RENAME TO k', 'tasks_due_idx',
    'ALTER INDEX k RENAME TO tasks_due_idx');
misfit('an index that is not whole',
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'tasks_due_idx'::regclass", 'tasks_due_idx',
    "UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'tasks_due_idx'::regclass");
my $cgi = $t->worker_cli([], env => { REQUEST_METHOD => 'GET', SERVER_PROTOCOL =>
    'HTTP/1.1', PATH_INFO => $u->{tasks}, HTTP_AUTHORIZATION => "Bearer $u->{token}" });
is($cgi->{exit}, 0, 'schema: put right again it fits');
like($cgi->{stdout}, qr/"title":"x"/, 'schema: and serves');

done_testing();
