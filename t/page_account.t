# SPDX-License-Identifier: ISC
# The page in a browser: signing up, sessions, passwords, odd browsers.
# sanitizers: no
# long: 22
use Todo;
use Page;

Page::test('account');
