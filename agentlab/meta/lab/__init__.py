"""The lab as an agent finds it: the files of a proposal in the making, and the tools on them."""
