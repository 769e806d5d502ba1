# SPDX-License-Identifier: ISC
# The page in a browser: the line, editing, what is done and deleted, what recurs.
# sanitizers: no
# long: 38
use Todo;
use Page;

Page::test('tasks');
