# SPDX-License-Identifier: ISC
# The page in a browser that has the page of version 0.1 yet.
# sanitizers: no
# long: 38
use Todo;
use Page;

Page::test('upgrade');
