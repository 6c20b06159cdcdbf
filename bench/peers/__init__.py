"""What others make of the same page, in the same run."""
