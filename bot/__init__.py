"""The faces of gapbrief: they show answers and compute no number."""

import os

# Many small matrix products: a second thread costs more than it gives, most of all on a busy machine. Read by
# NumPy's linear algebra when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
