# SPDX-License-Identifier: ISC
# The page in a browser: new releases, and a service that is busy.
# sanitizers: no
# long
use Todo;
use Page;

Page::test('service');
