# SPDX-License-Identifier: ISC
# The page in a browser: the line, editing, what is done and deleted, what recurs.
# sanitizers: no
# long
use Todo;
use Page;

Page::test('tasks');
