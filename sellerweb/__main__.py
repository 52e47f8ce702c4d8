"""`python -m sellerweb` is the `sellerweb` command."""

from sellerweb.commands import main

main()
