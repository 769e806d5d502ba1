# SPDX-License-Identifier: ISC
# The page in a browser: the places, and many tasks at once.
# sanitizers: no
# long: 40
use Todo;
use Page;

Page::test('places');
