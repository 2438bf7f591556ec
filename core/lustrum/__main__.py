"""`python -m lustrum`."""

from lustrum.cli import main

if __name__ == "__main__":
    main()
