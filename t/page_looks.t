# SPDX-License-Identifier: ISC
# The page in a browser: any width, any text, axe, the keyboard alone.
# sanitizers: no
# long: 43
use Todo;
use Page;

Page::test('looks');
