"""The commands. Their modules import nothing heavy: a command imports what it does when it runs."""
