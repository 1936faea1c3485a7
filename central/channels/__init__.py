"""How citizens' messages come in beside the web page and Open311: e-mail, and gateways for short messages."""
