"""`python -m tutor.workshop.safety build`: make the safety classifier."""

import sys

from tutor.workshop.safety.making import main

if __name__ == "__main__":
    sys.exit(main())
