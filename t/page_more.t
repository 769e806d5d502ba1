# SPDX-License-Identifier: ISC
# The page in a browser: other programs, languages, the installed page.
# sanitizers: no
# long: 43
use Todo;
use Page;

Page::test('more');
