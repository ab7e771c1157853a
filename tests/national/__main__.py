"""`python -m tests.national`: the report of a regency's day in every format, and every question over a country.

    python -m tests.national [--only NAME …] [--keep FILE]

514 regencies with 100 agencies each, nine duties each.
"""

if __name__ == "__main__":  # processes beside import this file too, and need nothing of it, as of `tayang`
    from tests.national.asking import main

    main()
