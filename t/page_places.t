# SPDX-License-Identifier: ISC
# The page in a browser: the places, and many tasks at once.
# sanitizers: no
# long
use Todo;
use Page;

Page::test('places');
