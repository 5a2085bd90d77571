"""What holds for every test: processes that a test starts find this tree, installed or not."""

from __future__ import annotations

import os
from pathlib import Path

_ROOT = str(Path(__file__).parent.parent)
os.environ["PYTHONPATH"] = os.pathsep.join([_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])])
