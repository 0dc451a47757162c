"""Are all pinned packages in the parts list? ``parts.py SBOM REQUIREMENTS``"""

import json
import re
import sys
from pathlib import Path

listed, pinned = (Path(name).read_text() for name in sys.argv[1:3])
parts = {part["name"].lower() for part in json.loads(listed)["components"]}
pins = set(re.findall(r"^([a-z0-9][a-z0-9.-]*)==", pinned, re.MULTILINE))
print(f"{len(parts)} parts, {len(pins)} pinned packages")
if missing := pins - parts:
    sys.exit(f"not in the parts list: {', '.join(sorted(missing))}")
