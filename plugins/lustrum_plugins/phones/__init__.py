"""Reading whole columns of phone numbers as phonenumbers reads one: automata made of its metadata, run over numpy."""
