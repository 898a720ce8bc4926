"""Whether what is measured is this candidate's doing, or an answer kept from an earlier one."""
