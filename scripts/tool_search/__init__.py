"""Makes the data of `tasks/tool_search` of what is written by hand in its folder `written`."""
