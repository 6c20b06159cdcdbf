from comments.learning import is_installed

# What is learned is an optional install. All that works without it is tested without it, too.
collect_ignore = [] if is_installed() else ["test_learning.py", "test_predicting.py"]
