# SPDX-License-Identifier: ISC
# The page in a browser: two devices, two tabs, no network.
# sanitizers: no
# long: 57
use Todo;
use Page;

Page::test('offline');
