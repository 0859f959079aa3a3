"""First use: from nothing to a watched inbox by a few questions, or by the options that answer them beforehand.

`flow` is the order of it all; `finding` asks whose mailbox it is and finds its server, `joining` gets the password or
the consent and tries the login, `looking_back` shows what would have been moved. `config_file` writes the
configuration, `dialogue` is how questions are put, `given` answers them from a command line.
"""
