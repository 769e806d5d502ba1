# SPDX-License-Identifier: ISC
# The page in a browser: tasks that ring when they are due.
# sanitizers: no
use Todo;
use Page;

Page::test('rings');
