"""Everything that is measured, in one run: `python -m bench`."""

from bench import matching, transition, webhook

transition.main()
webhook.main()
matching.main()
