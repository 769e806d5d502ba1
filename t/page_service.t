# SPDX-License-Identifier: ISC
# The page in a browser: new releases, and a service that is busy.
# sanitizers: no
# long: 18
use Todo;
use Page;

Page::test('service');
