"""Who looked at which evidence, when, and why (UU 27/2022: nobody's picture is looked at without a purpose)."""
