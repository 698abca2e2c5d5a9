"""The tests run on real servers, which must be up before the settings are read."""

import sys

from roundtable import embedded

if "pytest" in sys.modules:  # the type checker reads the settings too, and needs no servers
    embedded.ensure()
