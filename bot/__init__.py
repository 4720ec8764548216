"""The faces of gapbrief: they show answers and compute no number."""

import os

# For many small matrix products a second thread costs more than it saves. NumPy reads this on its first import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
