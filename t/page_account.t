# SPDX-License-Identifier: ISC
# The page in a browser: signing up, sessions, passwords, odd browsers.
# sanitizers: no
# long
use Todo;
use Page;

Page::test('account');
