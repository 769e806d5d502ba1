# SPDX-License-Identifier: ISC
# The page in a browser: ten thousand tasks, and numbers.
# sanitizers: no
# long: 26
use Todo;
use Page;

Page::test('many');
